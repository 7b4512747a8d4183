package io.planisphere.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.Decompressor;
import org.jspecify.annotations.Nullable;

/** A shard's codec, with a decompressor for each stream that is open at the same time. */
final class SequenceCodec implements Closeable {
    static final int KEY_LENGTHS = 0;
    static final int KEYS = 1;
    static final int VALUE_LENGTHS = 2;
    static final int VALUES = 3;

    private final CompressionCodec codec;
    // null where the codec needs none
    private final @Nullable Decompressor[] decompressors = new Decompressor[4];

    SequenceCodec(CompressionCodec codec) {
        this.codec = codec;
    }

    /** Decompresses a stream; the one that was open in this slot must no longer be read. */
    InputStream open(InputStream compressed, int slot) throws IOException {
        Decompressor decompressor = decompressors[slot];
        if (decompressor == null) {
            decompressor = CodecPool.getDecompressor(codec);
            decompressors[slot] = decompressor;
        } else {
            decompressor.reset();
        }
        return decompressor == null
                ? codec.createInputStream(compressed)
                : codec.createInputStream(compressed, decompressor);
    }

    @Override
    public void close() {
        for (Decompressor decompressor : decompressors) {
            if (decompressor != null) {
                CodecPool.returnDecompressor(decompressor);
            }
        }
    }
}
