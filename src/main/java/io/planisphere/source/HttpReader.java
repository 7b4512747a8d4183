package io.planisphere.source;

import io.planisphere.http.Download;
import io.planisphere.http.Download.Busy;
import io.planisphere.http.Download.Failed;
import io.planisphere.http.Download.Forbidden;
import io.planisphere.http.Download.Missing;
import io.planisphere.http.Download.Open;
import io.planisphere.http.Downloader;
import io.planisphere.http.Urls;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;

/**
 * Fetches photos over HTTP and HTTPS. Whatever the server does, each reference gets a result in bounded time: the photo, or the
 * reason why there is none. Thread-safe.
 */
final class HttpReader implements Closeable {
    /** Bytes that a photo takes of the budget before its length is known. */
    static final int RESERVED_BYTES = 1 << 19;

    private static final int ATTEMPTS = 3;
    /** Maximum number of attempts per photo that use up their time limit. */
    private static final int FULL_ATTEMPTS = 2;
    /** Maximum total of the pauses that servers request, per photo. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(3);
    /** Longest pause between requests to a busy server that does not request a pause, as a multiple of the first pause. */
    private static final int LONGEST_PAUSE = 120;

    private static final int BUSY_ATTEMPTS = 12;

    private final Downloader downloader;
    private final ByteBudget budget;
    private final PhotoBody body;
    private final long maxImageBytes;
    private final Duration attempt;
    private final Duration firstPause;
    private final LongConsumer latency;

    /**
     * @param firstPause pause before the second attempt; the next one is longer
     * @param latency called with the nanoseconds of each photo that arrived at the first attempt
     */
    HttpReader(Access access, ByteBudget budget, long maxImageBytes, Duration firstPause, LongConsumer latency) {
        this.downloader = new Downloader(access.http(), access.addresses(), access.allowed()::redirectRefusal);
        this.budget = budget;
        this.body = new PhotoBody(maxImageBytes);
        this.maxImageBytes = maxImageBytes;
        this.attempt = access.http().attempt();
        this.firstPause = firstPause;
        this.latency = latency;
    }

    /** Returns whether this class handles a reference. */
    static boolean isFor(Reference reference) {
        int colon = reference.uri().indexOf(':');
        return colon > 0 && Downloader.isFor(reference.uri().substring(0, colon));
    }

    /** The attempts made for one photo. */
    private static final class Trial {
        private final Ticket ticket;
        private final Reference reference;
        private final URI url;
        private long reserve = RESERVED_BYTES;
        private int failures;
        private int refusals;
        private long spentNanos;
        private Duration asked = Duration.ZERO;
        private Duration pause;

        Trial(Ticket ticket, Reference reference, URI url, Duration firstPause) {
            this.ticket = ticket;
            this.reference = reference;
            this.url = url;
            this.pause = firstPause;
        }

        EncodedImage.Rejected rejected(Status why, String detail) {
            return new EncodedImage.Rejected(reference.id(), reference.uri(), why, detail);
        }
    }

    /** Returns the photo, whose bytes are taken from the budget, or the reason why there is none. */
    EncodedImage fetch(Ticket ticket, Reference reference) throws InterruptedException {
        URI url;
        try {
            url = Urls.parse(reference.uri());
            if (url.getRawAuthority() == null) {
                throw new URISyntaxException(reference.uri(), "No host");
            }
        } catch (URISyntaxException e) {
            return new EncodedImage.Rejected(
                    reference.id(), reference.uri(), Status.MISSING, "'" + reference.uri() + "' is no URL");
        }
        Trial trial = new Trial(ticket, reference, url, firstPause);
        Optional<EncodedImage> end;
        do {
            end = attempted(trial);
        } while (end.isEmpty());
        return end.get();
    }

    /** Makes one attempt; empty if it should be retried. */
    private Optional<EncodedImage> attempted(Trial trial) throws InterruptedException {
        long reserved = trial.reserve;
        budget.take(trial.ticket, reserved);
        long start = System.nanoTime();
        boolean isTaken = false;
        Download download;
        try {
            download = downloader.get(
                    trial.url, attempt.multipliedBy(FULL_ATTEMPTS).minusNanos(trial.spentNanos));
            if (download instanceof Open open) {
                Optional<EncodedImage> photo = read(trial, reserved, open.body());
                isTaken = photo.isPresent() && photo.get() instanceof EncodedImage.Ok;
                if (isTaken && trial.failures + trial.refusals == 0) {
                    latency.accept(System.nanoTime() - start);
                }
                return photo;
            }
        } catch (IOException e) {
            download = new Failed(trial.url.getRawAuthority() + " broke off: " + e.getMessage(), false);
        } finally {
            trial.spentNanos += System.nanoTime() - start;
            if (!isTaken) {
                budget.giveBack(reserved);
            }
        }
        return afterwards(trial, download);
    }

    /** Reads the photo; empty if the budget had no room for its length, which is then reserved at the next attempt. */
    private Optional<EncodedImage> read(Trial trial, long reserved, Download.Body response) throws IOException {
        try (response) {
            long length = response.length();
            if (length > maxImageBytes) {
                return Optional.of(tooLarge(trial, length + " bytes"));
            }
            // waiting here while holding a request slot could deadlock with photos that wait for the slot
            if (length > reserved && !budget.grow(trial.ticket, length - reserved)) {
                trial.reserve = length;
                return Optional.empty();
            }
            long granted = Math.max(length, reserved);
            PhotoBytes photo = null;
            try {
                photo = body.read(response.stream(), length);
            } finally {
                if (photo == null || photo.length() > maxImageBytes) {
                    budget.settle(granted, reserved); // the caller releases the rest
                }
            }
            if (photo.length() > maxImageBytes) {
                photo.release();
                return Optional.of(tooLarge(trial, "more bytes than that"));
            }
            budget.settle(granted, photo.array().length);
            return Optional.of(new EncodedImage.Ok(trial.reference.id(), trial.reference.uri(), photo));
        }
    }

    private EncodedImage tooLarge(Trial trial, String size) {
        return trial.rejected(Status.TOO_LARGE, FetchLimits.exceeded(size, maxImageBytes));
    }

    private Optional<EncodedImage> afterwards(Trial trial, Download download) throws InterruptedException {
        if (download instanceof Missing missing) {
            return Optional.of(trial.rejected(Status.MISSING, missing.detail()));
        }
        if (download instanceof Forbidden forbidden) {
            return Optional.of(trial.rejected(Status.FORBIDDEN, forbidden.detail()));
        }
        if (download instanceof Busy busy) {
            return busy.pause().isZero() ? again(trial, busy) : asked(trial, busy);
        }
        Failed failed = (Failed) download;
        trial.failures++;
        boolean isOver = trial.failures >= ATTEMPTS
                || trial.spentNanos >= attempt.multipliedBy(FULL_ATTEMPTS).toNanos();
        if (failed.isFinal() || isOver) {
            String attempts = trial.failures == 1 ? "" : "; tried " + trial.failures + " times";
            return Optional.of(trial.rejected(Status.UNREACHABLE, failed.detail() + attempts));
        }
        pause(trial, 4);
        return Optional.empty();
    }

    private Optional<EncodedImage> again(Trial trial, Busy busy) throws InterruptedException {
        trial.refusals++;
        if (trial.refusals > BUSY_ATTEMPTS) {
            return Optional.of(
                    trial.rejected(Status.UNREACHABLE, busy.detail() + ", " + trial.refusals + " times in a row"));
        }
        pause(trial, 2);
        return Optional.empty();
    }

    private Optional<EncodedImage> asked(Trial trial, Busy busy) throws InterruptedException {
        trial.refusals++;
        trial.asked = trial.asked.plus(busy.pause());
        if (trial.asked.compareTo(LONGEST_ASKED) > 0) {
            return Optional.of(trial.rejected(
                    Status.UNREACHABLE,
                    String.format(
                            Locale.ROOT,
                            "%s, and asks to wait %d s",
                            busy.detail(),
                            busy.pause().toSeconds())));
        }
        // jitter, so that rejected requests do not all return at the same moment
        Thread.sleep(busy.pause().toMillis() + ThreadLocalRandom.current().nextLong(firstPause.toMillis() + 1));
        return Optional.empty();
    }

    private void pause(Trial trial, int factor) throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextLong(trial.pause.toMillis() / 2, trial.pause.toMillis() + 1));
        Duration longest = firstPause.multipliedBy(LONGEST_PAUSE);
        Duration longer = trial.pause.multipliedBy(factor);
        trial.pause = longer.compareTo(longest) < 0 ? longer : longest;
    }

    @Override
    public void close() {
        downloader.close();
    }
}
