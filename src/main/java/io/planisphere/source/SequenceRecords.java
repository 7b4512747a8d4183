package io.planisphere.source;

import io.planisphere.image.Status;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.WritableUtils;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.util.ReflectionUtils;
import org.jspecify.annotations.Nullable;

/**
 * The records of a Hadoop SequenceFile (versions 5 and 6) with Text keys and BytesWritable values, in all three kinds of
 * compression. Hadoop's own reader loads a whole record into memory before it reveals the record's length, and trusts any length;
 * this one allocates only bytes that exist and are requested.
 */
final class SequenceRecords implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int SYNC_BYTES = 16;
    private static final int SYNC_MARK = -1;
    private static final int MAX_KEY_BYTES = 1 << 20;
    private static final int LENGTH_BYTES = 4;
    private static final int END = Integer.MIN_VALUE;

    private final SourceStream storage;
    private final SourceStream bytes;
    private final DataInputStream in;
    private final Configuration hadoop;
    private @Nullable SequenceHeader header;
    private @Nullable CompressionCodec codec;
    private @Nullable Block block;
    private long leftInBlock;
    /** Streams that return their decompressors to Hadoop's pool when closed. */
    private final List<InputStream> open = new ArrayList<>();

    private DataInputStream valueStream = new DataInputStream(InputStream.nullInputStream());
    private InputStream value = InputStream.nullInputStream();
    private String key = "";
    private long valueBytes;

    SequenceRecords(InputStream in, Configuration hadoop) {
        storage = new SourceStream(in);
        bytes = new SourceStream(new BufferedInputStream(storage, BUFFER_BYTES));
        this.in = new DataInputStream(bytes);
        this.hadoop = hadoop;
    }

    /** A block of records compressed together, column by column; values are decompressed as they are read. */
    private record Block(
            DataInputStream keyLengths, DataInputStream keys, DataInputStream valueLengths, InputStream section) {}

    /** Reads the header. */
    SequenceHeader header() throws IOException {
        if (header == null) {
            SequenceHeader found = SequenceHeader.read(in);
            if (found.codec() != null) {
                codec = codec(found.codec(), hadoop);
            }
            header = found;
        }
        return header;
    }

    private static CompressionCodec codec(String name, Configuration hadoop) throws BadShard {
        try {
            return ReflectionUtils.newInstance(hadoop.getClassByName(name).asSubclass(CompressionCodec.class), hadoop);
        } catch (ClassNotFoundException | RuntimeException e) {
            throw new BadShard(
                    Status.UNSUPPORTED,
                    "The shard is compressed by " + name + ", which cannot be loaded (" + e.getMessage()
                            + "); add its jar with -- --jars");
        }
    }

    /** Moves to the next record; returns false at the end. */
    boolean next() throws IOException {
        SequenceHeader head = header();
        drain();
        return head.block() ? nextInBlock() : nextRecord(head);
    }

    /** Returns the key of the current record. */
    String key() {
        return key;
    }

    /** Returns the length of the current value in bytes. */
    long valueBytes() {
        return valueBytes;
    }

    /** Returns the current value, which must be small enough for an array. May be called once per record. */
    byte[] value() throws IOException {
        byte[] photo = valueStream.readNBytes(Math.toIntExact(valueBytes)); // grows as bytes arrive
        if (photo.length < valueBytes) {
            throw new EOFException("only " + photo.length + " of " + valueBytes + " bytes are there");
        }
        valueBytes = 0;
        return photo;
    }

    /** Returns the position of the record, or of damage. */
    long position() {
        return bytes.position();
    }

    /** Returns the exception of the storage, if there was one. */
    @Nullable
    IOException storageFailure() {
        return storage.failure();
    }

    /** Skips the rest of the last value. */
    private void drain() throws IOException {
        if (block != null) {
            valueStream.skipNBytes(valueBytes);
        } else {
            readToEnd(value);
            closeStreams();
        }
        valueBytes = 0;
        value = InputStream.nullInputStream();
    }

    private boolean nextRecord(SequenceHeader head) throws IOException {
        int length = lengthOrEnd();
        while (length == SYNC_MARK) {
            checkSync(head);
            length = lengthOrEnd();
        }
        if (length == END) {
            return false;
        }
        int keyBytes = in.readInt();
        if (length < 0 || keyBytes < 0 || keyBytes > length || keyBytes > MAX_KEY_BYTES) {
            throw new IOException("a record of " + length + " bytes with a key of " + keyBytes + " cannot be");
        }
        key = text(in, keyBytes);
        value = new StreamSection(in, length - keyBytes);
        valueStream = decompressed(value);
        valueBytes = valueStream.readInt();
        if (valueBytes < 0 || (codec == null && valueBytes != (long) length - keyBytes - LENGTH_BYTES)) {
            throw new IOException("a value of " + valueBytes + " bytes in a record of " + length + " cannot be");
        }
        return true;
    }

    private boolean nextInBlock() throws IOException {
        while (block == null || leftInBlock == 0) {
            if (block != null) {
                readToEnd(block.section);
                block = null;
                closeStreams();
            }
            if (!openBlock()) {
                return false;
            }
        }
        leftInBlock--;
        int keyBytes = WritableUtils.readVInt(block.keyLengths);
        if (keyBytes < 0 || keyBytes > MAX_KEY_BYTES) {
            throw new IOException("a key of " + keyBytes + " bytes cannot be");
        }
        key = text(block.keys, keyBytes);
        int length = WritableUtils.readVInt(block.valueLengths);
        valueBytes = valueStream.readInt();
        if (valueBytes < 0 || valueBytes != (long) length - LENGTH_BYTES) {
            throw new IOException("a value of " + valueBytes + " bytes in " + length + " cannot be");
        }
        return true;
    }

    private boolean openBlock() throws IOException {
        SequenceHeader head = header();
        int mark = lengthOrEnd();
        if (mark == END) {
            return false;
        }
        if (mark != SYNC_MARK) {
            throw new IOException("a block does not begin with its mark");
        }
        checkSync(head);
        leftInBlock = WritableUtils.readVInt(in);
        DataInputStream keyLengths = column();
        DataInputStream keys = column();
        DataInputStream valueLengths = column();
        InputStream section = new StreamSection(in, WritableUtils.readVInt(in));
        block = new Block(keyLengths, keys, valueLengths, section);
        valueStream = decompressed(section);
        return true;
    }

    /** Reads one of the small columns of a block, which precede the values: some bytes per record. */
    private DataInputStream column() throws IOException {
        int length = WritableUtils.readVInt(in);
        byte[] compressed = length < 0 ? new byte[0] : in.readNBytes(length);
        if (compressed.length != length) {
            throw new EOFException("a block ends in its keys");
        }
        return decompressed(new ByteArrayInputStream(compressed));
    }

    private DataInputStream decompressed(InputStream compressed) throws IOException {
        InputStream stream = codec == null ? compressed : codec.createInputStream(compressed);
        open.add(stream);
        return new DataInputStream(stream);
    }

    private void closeStreams() throws IOException {
        for (InputStream stream : open) {
            stream.close();
        }
        open.clear();
    }

    /** Returns the next length; {@link #END} if the file ends properly, between records. */
    private int lengthOrEnd() throws IOException {
        byte[] length = in.readNBytes(LENGTH_BYTES);
        if (length.length == 0) {
            return END;
        }
        if (length.length < LENGTH_BYTES) {
            throw new EOFException("the file ends in a record's length");
        }
        return ByteBuffer.wrap(length).getInt();
    }

    private void checkSync(SequenceHeader head) throws IOException {
        byte[] sync = in.readNBytes(SYNC_BYTES);
        if (sync.length < SYNC_BYTES) {
            throw new EOFException("the file ends in a sync mark");
        }
        if (!Arrays.equals(sync, head.sync())) {
            throw new IOException("a sync mark is not the file's own");
        }
    }

    private static String text(DataInputStream in, int length) throws IOException {
        byte[] serialized = in.readNBytes(length);
        if (serialized.length < length) {
            throw new EOFException("the file ends in a key");
        }
        DataInputStream content = new DataInputStream(new ByteArrayInputStream(serialized));
        int textBytes = WritableUtils.readVInt(content);
        if (textBytes != content.available()) {
            throw new IOException("a key of " + length + " bytes is no Text");
        }
        return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void readToEnd(InputStream section) throws IOException {
        section.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        closeStreams();
        in.close();
    }
}
