package io.planisphere.source;

import io.planisphere.image.Status;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.Text;
import org.jspecify.annotations.Nullable;

/**
 * The header of a SequenceFile.
 *
 * @param block whether many records are compressed together
 * @param codec class that compresses values or blocks; null without compression
 * @param sync the sync marker between records
 */
@SuppressWarnings("ArrayRecordComponent") // comparisons use the content
record SequenceHeader(boolean block, @Nullable String codec, byte[] sync) {
    private static final byte[] MAGIC = {'S', 'E', 'Q'};
    // versions before 5 had no codecs, and stored class names differently
    private static final int OLDEST_VERSION = 5;
    private static final int VERSION_WITH_METADATA = 6;
    private static final int MAX_TEXT_BYTES = 1 << 16;
    private static final int MAX_METADATA = 10_000;

    /** @throws BadShard if the file is not a SequenceFile, or has other key or value classes */
    static SequenceHeader read(DataInputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (magic.length == 0) {
            throw new BadShard(Status.EMPTY, "The shard holds no bytes");
        }
        if (!Arrays.equals(magic, MAGIC)) {
            throw new BadShard(Status.NOT_AN_IMAGE, "The shard is no SequenceFile: it does not begin with SEQ");
        }
        int version = in.readUnsignedByte();
        if (version < OLDEST_VERSION || version > VERSION_WITH_METADATA) {
            throw new BadShard(
                    Status.UNSUPPORTED,
                    "The shard is a SequenceFile of version " + version + "; versions 5 and 6 are read");
        }
        String key = Text.readString(in, MAX_TEXT_BYTES);
        String value = Text.readString(in, MAX_TEXT_BYTES);
        if (!key.equals(Text.class.getName()) || !value.equals(BytesWritable.class.getName())) {
            throw new BadShard(
                    Status.UNSUPPORTED,
                    "The shard is a SequenceFile from " + key + " to " + value + "; photos are read from "
                            + Text.class.getName() + " to " + BytesWritable.class.getName());
        }
        boolean compressed = in.readBoolean();
        boolean block = in.readBoolean();
        String codec = compressed ? Text.readString(in, MAX_TEXT_BYTES) : null;
        if (block && !compressed) {
            throw new IOException("blocks without compression cannot be");
        }
        if (version >= VERSION_WITH_METADATA) {
            passMetadata(in);
        }
        byte[] sync = new byte[16];
        in.readFully(sync);
        return new SequenceHeader(block, codec, sync);
    }

    private static void passMetadata(DataInputStream in) throws IOException {
        int entries = in.readInt();
        if (entries < 0 || entries > MAX_METADATA) {
            throw new IOException(entries + " entries of metadata cannot be");
        }
        for (int i = 0; i < 2 * entries; i++) {
            new Text().readFields(in, MAX_TEXT_BYTES);
        }
    }
}
