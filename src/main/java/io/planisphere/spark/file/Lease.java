package io.planisphere.spark.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.planisphere.source.InputException;
import io.planisphere.spark.file.LeaseHolder.Beat;
import io.planisphere.spark.file.LeaseHolder.Life;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write somewhere, for one process at a time, on any Hadoop file system; it outlives nobody.
 *
 * <p>The holder is who made the file with the highest number, {@code <n>.json}, and shows life in {@code <n>.beat}. A holder that is
 * seen to be dead, or shows no life for a minute, is followed by who makes the file with the next number, which only one can
 * ({@link ExclusiveFile}); numbers never come back. One that lives and was followed all the same, since it stood still for so
 * long, finds that out by {@link #isHeld}. On an object store without conditional writes two starts in the same second may
 * both believe in their lease; the one whose file was overwritten finds out by {@link #isHeld} too.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final Pattern NAME = Pattern.compile("(\\d+)\\.json");

    /**
     * How often a holder shows life, and how long the others wait for it.
     *
     * @param silence several beats, since a store may be slow and a collector may stop the world
     */
    record Pace(Duration beat, Duration silence) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    private final Path folder;
    private final FileSystem fs;
    private final long number;
    private final ScheduledExecutorService heart;
    private final ScheduledFuture<?> beating;
    private final LeaseHolder holder;
    private long count;
    private boolean released;

    private Lease(Path folder, FileSystem fs, long number, LeaseHolder holder, Pace pace) {
        this.folder = folder;
        this.fs = fs;
        this.number = number;
        this.holder = holder;
        heart = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "planisphere-lease");
            thread.setDaemon(true);
            return thread;
        });
        long millis = pace.beat().toMillis();
        beating = heart.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lease that is kept in {@code folder}.
     *
     * @param what is leased, for messages, such as "Output s3a://…"
     * @param waiting is told why this takes so long, if it does
     * @throws InputException if somebody holds it, who is named
     */
    public static Lease take(Path folder, FileSystem fs, String what, Consumer<String> waiting) throws IOException {
        return take(folder, fs, what, waiting, Pace.USUAL);
    }

    static Lease take(Path folder, FileSystem given, String what, Consumer<String> waiting, Pace pace)
            throws IOException {
        // a checksum file would change after the file that it speaks of
        FileSystem fs = given instanceof LocalFileSystem local ? local.getRawFileSystem() : given;
        while (true) {
            long highest = highest(folder, fs);
            if (highest >= 0) {
                refuseIfHeld(folder, highest, fs, what, waiting, pace);
            }
            LeaseHolder self = LeaseHolder.thisProcess();
            long mine = highest + 1;
            boolean created = ExclusiveFile.create(file(folder, mine), fs, JsonFile.bytes(self));
            // several may come here for a while: one whose number was taken and given up before, and on a store without
            // conditional writes one that was overwritten
            if (created && isHeldBy(self, mine, folder, fs)) {
                for (long old = highest; old >= 0 && fs.delete(file(folder, old), false); old--) {
                    fs.delete(beats(folder, old), false); // nobody looks at them any more
                }
                return new Lease(folder, fs, mine, self, pace);
            }
        }
    }

    /** Returns once the holder is known to be gone, or followed by another one. */
    private static void refuseIfHeld(
            Path folder, long number, FileSystem fs, String what, Consumer<String> waiting, Pace pace)
            throws IOException {
        Beat first = null;
        boolean told = false;
        long end = System.nanoTime() + pace.silence().toNanos();
        while (highest(folder, fs) == number && System.nanoTime() < end) {
            Beat beat = read(beats(folder, number), fs, Beat.class).orElse(null);
            LeaseHolder holder =
                    read(file(folder, number), fs, LeaseHolder.class).orElse(null);
            Life life = holder == null ? Life.UNKNOWN : holder.life();
            if (life == Life.GONE || (beat != null && beat.released())) {
                return;
            }
            if (life == Life.ALIVE || (first != null && beat != null && !beat.equals(first))) {
                throw new InputException(
                        "%s is being written by another start (%s); wait for its end, or give another --output"
                                .formatted(what, described(holder)));
            }
            if (!told && holder != null) {
                waiting.accept("%s was being written by another start (%s); waiting %d s for a sign of its life"
                        .formatted(what, described(holder), pace.silence().toSeconds()));
                told = true;
            }
            first = first == null ? beat : first;
            pause(pace.silence().dividedBy(60));
        }
    }

    private static String described(@Nullable LeaseHolder holder) {
        return holder == null ? "one that has not said who it is" : holder.described();
    }

    /** Whether nobody else has taken it meanwhile; else whoever wrote has to stop. */
    public boolean isHeld() throws IOException {
        return isHeldBy(holder, number, folder, fs);
    }

    private static boolean isHeldBy(LeaseHolder holder, long number, Path folder, FileSystem fs) throws IOException {
        return highest(folder, fs) == number
                && read(file(folder, number), fs, LeaseHolder.class)
                        .filter(found -> found.token().equals(holder.token()))
                        .isPresent();
    }

    private synchronized void beat() {
        try {
            if (isHeld()) {
                count++;
                show(new Beat(count, released));
            } else {
                heart.shutdown();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease in {} cannot be renewed: {}", folder, e.toString());
        }
    }

    /** Gives it back, so that the next start need not wait. */
    @Override
    public void close() {
        beating.cancel(false);
        heart.shutdown();
        giveBack();
    }

    private synchronized void giveBack() {
        released = true; // for a beat that waits for this method, too
        try {
            if (isHeld()) {
                show(new Beat(count, true));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease in {} cannot be given back: {}; the next start may wait for it", folder, e.toString());
        }
    }

    // Written in place: who finds it half written looks again.
    private void show(Beat beat) throws IOException {
        try (OutputStream out = fs.create(beats(folder, number), true)) {
            out.write(JsonFile.bytes(beat));
        }
    }

    /** The highest number; -1 where nobody ever held the lease. */
    private static long highest(Path folder, FileSystem fs) throws IOException {
        long highest = -1;
        try {
            for (FileStatus file : fs.listStatus(folder)) {
                Matcher name = NAME.matcher(file.getPath().getName());
                highest = name.matches() ? Math.max(highest, Long.parseLong(name.group(1))) : highest;
            }
        } catch (FileNotFoundException e) {
            return -1;
        }
        return highest;
    }

    /** Empty where the file is not there, or not whole yet. */
    private static <T> Optional<T> read(Path file, FileSystem fs, Class<T> type) throws IOException {
        try {
            return new JsonFile(file, fs).read(type);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Path beats(Path folder, long number) {
        return new Path(folder, number + ".beat");
    }

    private static Path file(Path folder, long number) {
        return new Path(folder, number + ".json");
    }

    private static void pause(Duration pause) throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(1, pause.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a lease");
        }
    }
}
