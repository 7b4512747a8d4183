package io.planisphere.source;

import java.util.Iterator;
import java.util.function.Function;

/** An iterator that lazily applies a function to the elements of another one. */
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
