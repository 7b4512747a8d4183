package io.planisphere.spark.function;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The packages that an application's queries have sent to executors. Each call of a function in each query asks for its package;
 * equal packages travel once, as long as a query that uses one exists.
 */
final class SharedBroadcasts {
    private static final Map<Key, WeakReference<Broadcast<?>>> KNOWN = new ConcurrentHashMap<>();

    /** @param digests kind and digests of the value, which identify it */
    private record Key(String application, String digests) {}

    private SharedBroadcasts() {}

    /** Returns the broadcast of the value with these digests, created if no query has it. */
    @SuppressWarnings("unchecked") // a key has values of one type
    static synchronized <T extends Serializable> Broadcast<T> of(
            SparkContext spark, String digests, Supplier<T> value) {
        KNOWN.values().removeIf(reference -> {
            @Nullable Broadcast<?> known = reference.get();
            return known == null || !known.isValid();
        });
        Key key = new Key(spark.applicationId(), digests);
        @Nullable WeakReference<Broadcast<?>> reference = KNOWN.get(key);
        @Nullable Broadcast<?> known = reference == null ? null : reference.get();
        if (known == null) {
            known = JavaSparkContext.fromSparkContext(spark).broadcast(value.get());
            KNOWN.put(key, new WeakReference<>(known));
        }
        return (Broadcast<T>) known;
    }
}
