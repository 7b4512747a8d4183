package io.planisphere.gallery;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Writes a gallery cell by cell, as a stream; holds one cell's block at a time, and all names if there are any. */
public final class GalleryWriter implements Closeable {
    /** Maximum number of photos of one cell: a block is one array. */
    public static final int MOST_PHOTOS_PER_CELL = 100_000;

    private final OutputStream out;
    private final GalleryLayout layout;
    private final float[] mean;
    private final List<byte[]> names = new ArrayList<>();
    private final boolean hasNames;
    private int cell;

    /**
     * Writes the head.
     *
     * @param out closed with this writer
     * @param backbone SHA-256 of the package whose network made the embeddings, in hexadecimal
     * @param mean mean embedding
     * @param photos number of photos of each cell, in the order of labels
     */
    public GalleryWriter(OutputStream out, String backbone, float[] mean, int[] photos, boolean hasNames)
            throws IOException {
        this.out = out;
        this.mean = mean.clone();
        this.hasNames = hasNames;
        int[] starts = new int[photos.length + 1];
        for (int i = 0; i < photos.length; i++) {
            if (photos[i] > MOST_PHOTOS_PER_CELL) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "A cell of a gallery holds %,d photos, not %,d", MOST_PHOTOS_PER_CELL, photos[i]));
            }
            starts[i + 1] = Math.addExact(starts[i], photos[i]);
        }
        layout = new GalleryLayout(mean.length, starts);
        byte[] bytes = new byte[Math.toIntExact(layout.head())];
        ByteBuffer head = GalleryLayout.buffer(bytes);
        head.putLong(GalleryLayout.MAGIC)
                .putInt(mean.length)
                .putInt(photos.length)
                .putInt(layout.photos())
                .putInt(hasNames ? 1 : 0)
                .put(HexFormat.of().parseHex(backbone));
        for (float value : mean) {
            head.putFloat(value);
        }
        for (int start : starts) {
            head.putInt(start);
        }
        for (long block : layout.blocks()) {
            head.putLong(block);
        }
        out.write(bytes);
    }

    /** Writes the photos of the next cell. */
    public void cell(List<GalleryEntry> photos) throws IOException {
        if (photos.size() != layout.photos(cell)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "Cell %d has %d photos, not %d", cell, photos.size(), layout.photos(cell)));
        }
        int width = mean.length;
        byte[] bytes = new byte[Math.toIntExact(layout.block(cell))];
        ByteBuffer block = GalleryLayout.buffer(bytes);
        int records = photos.size() * layout.codeBytes();
        int values = records + photos.size() * GalleryLayout.RECORD;
        byte[] quantised = new byte[width];
        long[] code = new long[Vectors.words(width)];
        for (int i = 0; i < photos.size(); i++) {
            GalleryEntry photo = photos.get(i);
            float scale = Vectors.quantise(photo.embedding(), mean, quantised, code);
            block.position(i * layout.codeBytes());
            for (long word : code) {
                block.putLong(word);
            }
            block.position(records + i * GalleryLayout.RECORD)
                    .putFloat((float) photo.latitude())
                    .putFloat((float) photo.longitude())
                    .putFloat(scale)
                    .putFloat(0)
                    .putLong(photo.user())
                    .putLong(photo.photo())
                    .putLong(photo.photoOfShard());
            block.position(values + i * width).put(quantised);
            if (hasNames) {
                names.add(photo.name().getBytes(StandardCharsets.UTF_8));
            }
        }
        out.write(bytes);
        cell++;
    }

    /** Writes the names, and closes the stream. */
    @Override
    public void close() throws IOException {
        try (out) {
            if (hasNames) {
                byte[] bytes = new byte[Integer.BYTES * (names.size() + 1)];
                ByteBuffer positions = GalleryLayout.buffer(bytes);
                int at = 0;
                for (byte[] name : names) {
                    positions.putInt(at);
                    at = Math.addExact(at, name.length);
                }
                positions.putInt(at);
                out.write(bytes);
                for (byte[] name : names) {
                    out.write(name);
                }
            }
        }
    }
}
