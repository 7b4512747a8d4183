package io.planisphere.crash;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.jspecify.annotations.Nullable;

/**
 * An object store in memory, by bucket and key, with the semantics of S3: an object is put, copied or deleted as a whole, a put
 * may be conditional on the key being absent, and listings are consistent. It can fail at a chosen mutating call, and its
 * content can be restored to a snapshot.
 */
final class ObjectStore {
    private static final Map<String, ObjectStore> BUCKETS = new ConcurrentHashMap<>();

    private NavigableMap<String, StoredObject> objects = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private boolean isDead;
    private @Nullable String failed;
    private int generation;

    /** How a call fails. */
    enum Failure {
        /** The process dies before the call: neither this call nor any later one takes effect. */
        DEATH,
        /** The process dies after the call has taken effect. */
        DEATH_AFTER,
        /** The call takes effect but its response is lost: the caller sees an error and lives on. */
        LOST_RESPONSE
    }

    /**
     * A failure at a call.
     *
     * @param call number of the mutating call, from 1; 0 for none
     */
    record Fault(Failure failure, int call) {
        static final Fault NONE = new Fault(Failure.DEATH, 0);
    }

    /** Kinds of mutating calls. */
    enum Kind {
        PUT,
        COPY,
        DELETE
    }

    /**
     * A mutating call that has taken effect.
     *
     * @param source source object of a copy; empty for other calls
     * @param existed whether there was an object with this key before
     * @param before content of the store before the call
     */
    record Call(Kind kind, String key, String source, boolean existed, Snapshot before) {
        @Override
        public String toString() {
            return kind
                    + (existed && kind != Kind.DELETE ? " over " : " ")
                    + (source.isEmpty() ? "" : source + " to ")
                    + key;
        }
    }

    /** The content of a store at a point in time. */
    static final class Snapshot {
        private final NavigableMap<String, StoredObject> objects;

        private Snapshot(NavigableMap<String, StoredObject> objects) {
            this.objects = objects;
        }

        /** Returns the keys, in order. */
        List<String> keys() {
            return List.copyOf(objects.keySet());
        }

        /** Returns the bytes of an object, which must exist. */
        byte[] bytes(String key) {
            StoredObject found = objects.get(key);
            if (found == null) {
                throw new IllegalArgumentException("There is no object " + key);
            }
            return found.bytes.clone();
        }
    }

    /** An immutable object. */
    static final class StoredObject {
        private final byte[] bytes;
        private final long modified;

        private StoredObject(byte[] bytes, long modified) {
            this.bytes = bytes;
            this.modified = modified;
        }

        /** Returns the bytes without a copy; callers must not modify them. */
        byte[] bytes() {
            return bytes;
        }

        long length() {
            return bytes.length;
        }

        /** Returns the modification time in milliseconds since 1970. */
        long modified() {
            return modified;
        }
    }

    /**
     * The connection of one process to a store. Once the store has died, it stays dead, even after other processes have begun.
     */
    final class Connection {
        private final int mine;

        private Connection(int mine) {
            this.mine = mine;
        }

        /** Puts an object, and replaces any object with the same key. */
        void put(String key, byte[] bytes) throws IOException {
            mutate(Kind.PUT, key, "", () -> objects.put(key, object(bytes)));
        }

        /** Puts an object atomically if the key is absent. */
        void putIfAbsent(String key, byte[] bytes) throws IOException {
            mutate(Kind.PUT, key, "", () -> {
                if (objects.containsKey(key)) {
                    throw new FileAlreadyExistsException("Object " + key + " exists");
                }
                objects.put(key, object(bytes));
            });
        }

        /** Copies an object, and replaces any object with the target key. */
        void copy(String from, String to) throws IOException {
            mutate(Kind.COPY, to, from, () -> objects.put(to, object(found(from).bytes)));
        }

        /** Deletes an object if it exists. */
        void delete(String key) throws IOException {
            mutate(Kind.DELETE, key, "", () -> objects.remove(key));
        }

        /** Returns the object with this key. */
        Optional<StoredObject> get(String key) throws IOException {
            synchronized (ObjectStore.this) {
                requireLife();
                return Optional.ofNullable(objects.get(key));
            }
        }

        /** Returns all objects whose keys have this prefix, by key. */
        NavigableMap<String, StoredObject> list(String prefix) throws IOException {
            synchronized (ObjectStore.this) {
                requireLife();
                return new TreeMap<>(objects.subMap(prefix, true, prefix + Character.MAX_VALUE, false));
            }
        }

        private StoredObject found(String key) throws IOException {
            StoredObject found = objects.get(key);
            if (found == null) {
                throw new FileNotFoundException("There is no object " + key);
            }
            return found;
        }

        private void mutate(Kind kind, String key, String source, Change change) throws IOException {
            synchronized (ObjectStore.this) {
                requireLife();
                boolean fails = calls.size() + 1 == fault.call;
                if (fails) {
                    failed = kind + " " + key;
                }
                if (fails && fault.failure == Failure.DEATH) {
                    isDead = true;
                    throw new IOException("The process died before " + kind + " " + key);
                }
                calls.add(new Call(kind, key, source, objects.containsKey(key), snapshot()));
                change.happen();
                if (fails) {
                    isDead = fault.failure == Failure.DEATH_AFTER;
                    throw new IOException("The response to " + kind + " " + key + " was lost");
                }
            }
        }

        private void requireLife() throws IOException {
            if (isDead || mine != generation) {
                throw new IOException("This process died before");
            }
        }
    }

    @FunctionalInterface
    private interface Change {
        void happen() throws IOException;
    }

    /** Returns the store of a bucket, empty at first. */
    static ObjectStore of(String bucket) {
        return BUCKETS.computeIfAbsent(bucket, absent -> new ObjectStore());
    }

    /** Opens a connection for a process that begins now. */
    synchronized Connection connect() {
        return new Connection(generation);
    }

    /** Begins a new process, whose calls are counted from 1; calls of earlier processes fail from then on. */
    synchronized void begin(Fault next) {
        generation++;
        isDead = false;
        failed = null;
        fault = next;
        calls.clear();
    }

    /** Returns the call at which the fault occurred; empty if it has not occurred. */
    synchronized Optional<String> failed() {
        return Optional.ofNullable(failed);
    }

    /** Returns the calls of the latest process that have taken effect. */
    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized Snapshot snapshot() {
        NavigableMap<String, StoredObject> now = objects;
        objects = new TreeMap<>(now);
        return new Snapshot(Collections.unmodifiableNavigableMap(now));
    }

    synchronized void restore(Snapshot snapshot) {
        objects = new TreeMap<>(snapshot.objects);
    }

    private static StoredObject object(byte[] bytes) {
        return new StoredObject(bytes.clone(), System.currentTimeMillis());
    }
}
