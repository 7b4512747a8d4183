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
 * Objects in memory, by bucket and key, with the semantics of S3: an object is put, copied or deleted as a whole, a put may be on
 * condition that there is none, and a listing is consistent. It can fail at a chosen one of its mutating calls, and be put back to an
 * earlier content.
 */
final class ObjectStore {
    private static final Map<String, ObjectStore> BUCKETS = new ConcurrentHashMap<>();

    private NavigableMap<String, StoredObject> objects = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private boolean isDead;
    private @Nullable String failed;
    private int generation;

    /** What happens to a call. */
    enum Failure {
        /** The process dies before the call: it does not happen, and neither does any later one. */
        DEATH,
        /** The process dies once the call has happened. */
        DEATH_AFTER,
        /** The call happens and its answer is lost: the caller sees an error and lives on. */
        LOST_ANSWER
    }

    /**
     * When a call fails.
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
     * A mutating call that has happened.
     *
     * @param source the object that a copy was made of; empty for other calls
     * @param existed whether there was an object of this key before
     * @param before the content before the call
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

    /** The content of a store at some moment. */
    static final class Snapshot {
        private final NavigableMap<String, StoredObject> objects;

        private Snapshot(NavigableMap<String, StoredObject> objects) {
            this.objects = objects;
        }

        /** The keys, in order. */
        List<String> keys() {
            return List.copyOf(objects.keySet());
        }

        /** The bytes of an object, which must exist. */
        byte[] bytes(String key) {
            StoredObject found = objects.get(key);
            if (found == null) {
                throw new IllegalArgumentException("There is no object " + key);
            }
            return found.bytes.clone();
        }
    }

    /** An object; never changes. */
    static final class StoredObject {
        private final byte[] bytes;
        private final long modified;

        private StoredObject(byte[] bytes, long modified) {
            this.bytes = bytes;
            this.modified = modified;
        }

        /** The bytes themselves, which nobody may change. */
        byte[] bytes() {
            return bytes;
        }

        long length() {
            return bytes.length;
        }

        /** Milliseconds since 1970. */
        long modified() {
            return modified;
        }
    }

    /** What one process sees of a store. It stays dead once the store has died, when other processes have come. */
    final class Connection {
        private final int mine;

        private Connection(int mine) {
            this.mine = mine;
        }

        /** Puts an object in the place of any other. */
        void put(String key, byte[] bytes) throws IOException {
            mutate(Kind.PUT, key, "", () -> objects.put(key, object(bytes)));
        }

        /** Puts an object; in one step with the look whether there is one. */
        void putIfAbsent(String key, byte[] bytes) throws IOException {
            mutate(Kind.PUT, key, "", () -> {
                if (objects.containsKey(key)) {
                    throw new FileAlreadyExistsException("Object " + key + " exists");
                }
                objects.put(key, object(bytes));
            });
        }

        /** Copies an object over any other. */
        void copy(String from, String to) throws IOException {
            mutate(Kind.COPY, to, from, () -> objects.put(to, object(found(from).bytes)));
        }

        /** Deletes an object, if there is one. */
        void delete(String key) throws IOException {
            mutate(Kind.DELETE, key, "", () -> objects.remove(key));
        }

        /** The object of this key. */
        Optional<StoredObject> get(String key) throws IOException {
            synchronized (ObjectStore.this) {
                requireLife();
                return Optional.ofNullable(objects.get(key));
            }
        }

        /** All objects whose keys begin so, by key. */
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
                    throw new IOException("The answer to " + kind + " " + key + " was lost");
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

    /** The store of a bucket, empty at first. */
    static ObjectStore of(String bucket) {
        return BUCKETS.computeIfAbsent(bucket, absent -> new ObjectStore());
    }

    /** A connection for a process that begins now. */
    synchronized Connection connect() {
        return new Connection(generation);
    }

    /** Lets a new process begin, whose calls are counted from 1; those of earlier processes fail from now on. */
    synchronized void begin(Fault next) {
        generation++;
        isDead = false;
        failed = null;
        fault = next;
        calls.clear();
    }

    /** The call at which the fault has come; empty if it has not. */
    synchronized Optional<String> failed() {
        return Optional.ofNullable(failed);
    }

    /** The calls of the latest process that have happened. */
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
