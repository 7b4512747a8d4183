package io.planisphere.source;

import java.util.Iterator;
import java.util.function.Function;

/** The elements of an iterator, each as a function makes it when it is asked for, and not before. */
public record Mapped<A, B>(Iterator<A> all, Function<A, B> function) implements Iterator<B> {
    @Override
    public boolean hasNext() {
        return all.hasNext();
    }

    @Override
    public B next() {
        return function.apply(all.next());
    }
}
