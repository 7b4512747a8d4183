package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.functional.FutureIO;
import org.jspecify.annotations.Nullable;

/** Reads single objects: first their metadata and length, then their bytes. Thread-safe. */
final class ObjectReader {
    /** The object at a reference. */
    sealed interface Found {
        /** Returns the bytes needed for reading it, as far as the file system knows. */
        long bytesToRead();
    }

    private record Present(Reference reference, Path path, FileSystem fs, FileStatus status) implements Found {
        // some stores do not provide a length beforehand
        @Override
        public long bytesToRead() {
            return status.getLen() < 0 ? UNKNOWN_LENGTH_BYTES : status.getLen();
        }
    }

    private record Unreadable(EncodedImage.Rejected row) implements Found {
        @Override
        public long bytesToRead() {
            return 0;
        }
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    private static final int REPETITIONS = 3;
    // With pauses that double from a quarter of a second to half a minute, two to three minutes.
    private static final int REPETITIONS_WHEN_THROTTLED = 12;
    private static final int LONGEST_PAUSE = 120; // as a multiple of the first pause
    private static final int UNKNOWN_LENGTH_BYTES = 1 << 20;
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    // S3's messages for throttling.
    private static final Pattern THROTTLED = Pattern.compile("SlowDown|reduce your request rate|Status Code: 503");
    // Messages of stores whose clients have no exception of their own for denied access. S3 rejects expired
    // credentials as a bad request, without details if the response has no body.
    private static final Pattern DENIED = Pattern.compile(
            "\\(Permission denied\\)|Status Code: 40[013]\\b|\\b40[13] (Forbidden|Unauthorized)|, 40[13],|ExpiredToken|TokenExpired");

    private final Configuration hadoop;
    private final long maxImageBytes;
    private final Duration firstPause;
    private final PhotoBody body;
    private final AtomicLong repetitions = new AtomicLong();

    ObjectReader(Configuration hadoop, long maxImageBytes, Duration firstPause) {
        this.hadoop = hadoop;
        this.maxImageBytes = maxImageBytes;
        this.firstPause = firstPause;
        this.body = new PhotoBody(maxImageBytes);
    }

    /** Returns the number of retries so far, by all threads. */
    long repetitions() {
        return repetitions.get();
    }

    Found find(Reference reference) throws IOException, InterruptedException {
        Path path;
        try {
            path = new Path(reference.uri());
        } catch (IllegalArgumentException e) {
            return missing(reference, "No path can be made of '" + reference.uri() + "': " + e.getMessage());
        }
        Optional<String> noFileSystem = FileSystems.missing(path, hadoop);
        if (noFileSystem.isPresent()) {
            return missing(reference, noFileSystem.get());
        }
        return patiently(
                reference,
                () -> {
                    try {
                        FileSystem fs = FileSystems.of(path, hadoop);
                        FileStatus status = fs.getFileStatus(path);
                        if (status.isDirectory()) {
                            return missing(reference, "A folder stands at " + path + ", not a photo");
                        }
                        if (status.getLen() > maxImageBytes) {
                            return new Unreadable(tooLarge(reference, status.getLen() + " bytes"));
                        }
                        return new Present(reference, path, fs, status);
                    } catch (IllegalArgumentException e) {
                        return missing(
                                reference, "The file system cannot name '" + reference.uri() + "': " + e.getMessage());
                    }
                },
                Unreadable::new);
    }

    EncodedImage read(Found found) throws IOException, InterruptedException {
        if (found instanceof Unreadable unreadable) {
            return unreadable.row();
        }
        Present object = (Present) found;
        Reference reference = object.reference();
        return patiently(
                reference,
                () -> {
                    try (FSDataInputStream in = FutureIO.awaitFuture(object.fs()
                            .openFile(object.path())
                            .opt(Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, "whole-file")
                            .withFileStatus(object.status().getLen() < 0 ? null : object.status())
                            .build())) {
                        PhotoBytes photo = body.read(in, object.status().getLen());
                        return photo.length() > maxImageBytes
                                ? tooLarge(reference, "more bytes than that")
                                : new EncodedImage.Ok(reference.id(), reference.uri(), photo);
                    }
                },
                refusal -> refusal);
    }

    /** Returns the reason why there is no photo although the storage works; null if the storage failed. */
    private static EncodedImage.@Nullable Rejected refusal(Reference reference, IOException e) {
        if (e instanceof AccessDeniedException
                || e instanceof AccessControlException
                || DENIED.matcher(String.valueOf(e.getMessage())).find()) {
            // S3 responds in the same way for an object that does not exist if the caller may not list the bucket
            return rejected(
                    reference,
                    Status.FORBIDDEN,
                    "Permission denied, or nothing there, at " + reference.uri() + ": " + e.getMessage());
        }
        if (e instanceof PathIsDirectoryException) {
            return rejected(reference, Status.MISSING, "A folder stands at " + reference.uri() + ", not a photo");
        }
        if (e instanceof FileNotFoundException) {
            String hint = ESCAPE.matcher(reference.uri()).find() ? " (paths are taken literally, %20 is no space)" : "";
            return rejected(reference, Status.MISSING, "Nothing to read at " + reference.uri() + hint);
        }
        return null;
    }

    /** @param refused makes the result if there is no photo although the storage works */
    private <T> T patiently(Reference reference, Attempt<T> attempt, Function<EncodedImage.Rejected, T> refused)
            throws IOException, InterruptedException {
        Duration pause = firstPause;
        int failures = 0;
        int refusals = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                EncodedImage.Rejected refusal = refusal(reference, e);
                if (refusal != null) {
                    return refused.apply(refusal);
                }
                if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
                    throw e;
                }
                boolean throttled =
                        THROTTLED.matcher(String.valueOf(e.getMessage())).find();
                failures += throttled ? 0 : 1;
                refusals += throttled ? 1 : 0;
                if (failures > REPETITIONS || refusals > REPETITIONS_WHEN_THROTTLED) {
                    throw new IOException(
                            "Cannot read " + reference.uri() + " after " + (failures + refusals) + " attempts: " + e,
                            e);
                }
                repetitions.incrementAndGet();
                // jitter, so that requests throttled together do not return together
                Thread.sleep(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1));
                Duration longer = pause.multipliedBy(throttled ? 2 : 4);
                Duration longest = firstPause.multipliedBy(LONGEST_PAUSE);
                pause = longer.compareTo(longest) < 0 ? longer : longest;
            }
        }
    }

    private static Unreadable missing(Reference reference, String detail) {
        return new Unreadable(rejected(reference, Status.MISSING, detail));
    }

    private static EncodedImage.Rejected rejected(Reference reference, Status why, String detail) {
        return new EncodedImage.Rejected(reference.id(), reference.uri(), why, detail);
    }

    private EncodedImage.Rejected tooLarge(Reference reference, String size) {
        return rejected(reference, Status.TOO_LARGE, FetchLimits.exceeded(size, maxImageBytes));
    }
}
