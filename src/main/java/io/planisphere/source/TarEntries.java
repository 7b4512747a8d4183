package io.planisphere.source;

import io.planisphere.image.PhotoBuffers;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one tar, plain or gzipped, in order. Damage ends the entries and is returned as a value; a failure of the
 * storage is thrown. Concatenated tars are read to the end.
 */
final class TarEntries implements Closeable {
    /** The reason why the entries ended early. */
    record Damage(Status why, String detail) {}

    private static final int BLOCK = 512;
    private static final int BUFFER_BYTES = 1 << 20;
    // Limit for long names and PAX records, which are read into memory; real ones take a few kilobytes.
    private static final long MAX_HEADER_BYTES = 1 << 20;

    private final PhotoBuffers buffers = new PhotoBuffers();
    private final SourceStream storage;
    private final SourceStream tarBytes;
    private final Tar tar;
    private @Nullable TarArchiveEntry current;
    private @Nullable Damage damage;
    private boolean ended;

    TarEntries(InputStream in) throws IOException {
        storage = new SourceStream(in);
        BufferedInputStream buffered = new BufferedInputStream(storage, BUFFER_BYTES);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        tarBytes = new SourceStream(gzip ? new LazyGzip(buffered) : buffered);
        tar = new Tar(tarBytes);
    }

    /** Returns the next entry, null at the end or at damage. */
    @Nullable
    TarArchiveEntry next() {
        if (ended || damage != null || (current != null && !pass())) {
            return null;
        }
        try {
            tarBytes.allow(MAX_HEADER_BYTES);
            TarArchiveEntry entry = tar.getNextEntry();
            tarBytes.allowAll();
            if (entry == null) {
                ended = true;
                checkEnd();
                return null;
            }
            if (!entry.isCheckSumOK()) {
                throw new IOException("the header's checksum is wrong");
            }
            current = entry;
            return entry;
        } catch (IOException | RuntimeException e) {
            damage = damageOf(e);
            return null;
        }
    }

    /** Returns all bytes of the entry that {@link #next} returned last; null, with {@link #damage} set, if the tar ends first. */
    byte @Nullable [] content(TarArchiveEntry entry) {
        byte[] bytes = new byte[length(entry)];
        return fill(bytes, bytes.length) ? bytes : null;
    }

    /** Returns the same bytes in a pooled buffer, if one has been released. */
    @Nullable
    PhotoBytes photo(TarArchiveEntry entry) {
        int length = length(entry);
        byte[] buffer = buffers.lend(length);
        return fill(buffer, length) ? buffers.filled(buffer, length) : null;
    }

    private boolean fill(byte[] bytes, int length) {
        try {
            int read = tar.readNBytes(bytes, 0, length);
            if (read < length) {
                throw new IOException("only " + read + " of " + length + " bytes are there");
            }
            return true;
        } catch (IOException | RuntimeException e) {
            damage = damageOf(e);
            return false;
        }
    }

    private static int length(TarArchiveEntry entry) {
        return Math.toIntExact(size(entry));
    }

    /** Skips the entry that {@link #next} returned last; returns false, with {@link #damage} set, if the tar ends first. */
    boolean pass() {
        try {
            while (tar.skip(Long.MAX_VALUE) > 0) {
                // skip the rest of the current entry
            }
            return true;
        } catch (IOException | RuntimeException e) {
            damage = damageOf(e);
            return false;
        }
    }

    /** Returns the size of an entry's content as read, including holes of a sparse file. */
    static long size(TarArchiveEntry entry) {
        return entry.isSparse() ? entry.getRealSize() : entry.getSize();
    }

    @Nullable
    Damage damage() {
        return damage;
    }

    private void checkEnd() throws IOException {
        if (tarBytes.position() == 0) {
            damage = new Damage(Status.EMPTY, "The shard holds no bytes");
        } else if (!tar.endMark || tarBytes.position() % BLOCK != 0) {
            throw new IOException("the end-of-archive mark is missing");
        }
    }

    private Damage damageOf(Exception e) {
        if (storage.failure() != null) {
            throw new UncheckedIOException(
                    "Cannot read the shard: " + storage.failure().getMessage(), storage.failure());
        }
        if (current == null && !tar.endMark) {
            return new Damage(Status.NOT_AN_IMAGE, "The shard is no tar: its first header cannot be read");
        }
        String where = current == null ? "" : " in or after entry " + current.getName();
        return new Damage(
                Status.TRUNCATED,
                "The shard cannot be read past byte " + tarBytes.position() + where + ": " + e.getMessage()
                        + "; photos after it are lost, copy the shard again");
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** Continues reading after the end-of-archive marker, which is zeros, and records it. */
    private static final class Tar extends TarArchiveInputStream {
        private final SourceStream bytes;
        private boolean endMark;

        Tar(SourceStream bytes) {
            super(bytes, BLOCK, BLOCK, StandardCharsets.UTF_8.name(), false);
            this.bytes = bytes;
        }

        @Override
        protected byte @Nullable [] readRecord() throws IOException {
            byte[] block = super.readRecord();
            for (; block != null && isEOFRecord(block); block = super.readRecord()) {
                endMark = true;
                bytes.allow(MAX_HEADER_BYTES);
            }
            endMark &= block == null;
            return block;
        }
    }

    /** Opens the gzip stream at the first read, so that a broken header is found where damage is handled. */
    private static final class LazyGzip extends InputStream {
        private static final CompressorStreamFactory GZIP = new CompressorStreamFactory(true);
        private final InputStream in;
        private @Nullable InputStream gzip;

        LazyGzip(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (gzip == null) {
                try {
                    gzip = GZIP.createCompressorInputStream(CompressorStreamFactory.GZIP, in);
                } catch (CompressorException e) {
                    throw new IOException("it is not the gzip file that its first bytes promise", e);
                }
            }
            return gzip.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
