package io.planisphere.gallery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A gallery, mapped into memory until the JVM ends: all tasks share its pages, and the operating system may drop those that are
 * not in use. Thread-safe.
 */
public final class PhotoGallery {
    /** Maximum size of one mapping; a buffer is limited to 2 GiB. */
    private static final long MAPPING = 1L << 30;

    private final GalleryLayout layout;
    private final String backbone;
    private final float[] mean;
    private final long[] blocks;
    private final int[] mappingOf; // by cell
    private final List<ByteBuffer> mappings;
    private final long[] mappedFrom;
    private final Optional<ByteBuffer> names;
    private final Map<String, BitSet> excluded = new ConcurrentHashMap<>();

    private PhotoGallery(FileChannel file) throws IOException {
        ByteBuffer fixed = read(file, 0, GalleryLayout.FIXED);
        if (fixed.getLong() != GalleryLayout.MAGIC) {
            throw new IllegalArgumentException("is no gallery; make one with train --gallery");
        }
        int width = fixed.getInt();
        int cells = fixed.getInt();
        int photos = fixed.getInt();
        boolean hasNames = fixed.getInt() != 0;
        byte[] digest = new byte[GalleryLayout.DIGEST];
        fixed.get(digest);
        backbone = HexFormat.of().formatHex(digest);
        long rest = (long) Float.BYTES * width + (long) (Integer.BYTES + Long.BYTES) * (cells + 1L);
        if (width < 1 || cells < 1 || rest > Integer.MAX_VALUE - 8) {
            throw damaged();
        }
        ByteBuffer head = read(file, GalleryLayout.FIXED, (int) rest);
        mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = head.getFloat();
        }
        int[] starts = new int[cells + 1];
        for (int i = 0; i <= cells; i++) {
            starts[i] = head.getInt();
            if (starts[i] < (i == 0 ? 0 : starts[i - 1])) {
                throw damaged();
            }
        }
        layout = new GalleryLayout(width, starts);
        blocks = layout.blocks();
        if (starts[0] != 0 || starts[cells] != photos || blocks[cells] > file.size()) {
            throw damaged();
        }
        mappingOf = new int[cells];
        List<long[]> parts = new ArrayList<>();
        for (int cell = 0; cell < cells; cell++) {
            if (parts.isEmpty() || blocks[cell + 1] - parts.get(parts.size() - 1)[0] > MAPPING) {
                parts.add(new long[] {blocks[cell], blocks[cell]});
            }
            parts.get(parts.size() - 1)[1] = blocks[cell + 1];
            mappingOf[cell] = parts.size() - 1;
        }
        mappings = new ArrayList<>();
        mappedFrom = parts.stream().mapToLong(part -> part[0]).toArray();
        for (long[] part : parts) {
            mappings.add(map(file, part[0], part[1] - part[0]));
        }
        long namesBytes = file.size() - blocks[cells];
        if (hasNames && namesBytes < Integer.BYTES * (photos + 1L)) {
            throw damaged();
        }
        names = hasNames ? Optional.of(map(file, blocks[cells], namesBytes)) : Optional.empty();
    }

    /**
     * Opens a gallery.
     *
     * @throws IllegalArgumentException if it is none, or damaged
     */
    public static PhotoGallery open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new PhotoGallery(channel);
        }
    }

    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer buffer = GalleryLayout.buffer(new byte[bytes]);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw damaged();
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer map(FileChannel file, long from, long bytes) throws IOException {
        MappedByteBuffer mapped = file.map(MapMode.READ_ONLY, from, bytes);
        return mapped.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("is cut short or damaged; copy it again");
    }

    /** Returns the number of values of an embedding. */
    public int width() {
        return layout.width();
    }

    /** Returns the number of cells. */
    public int cells() {
        return layout.cells();
    }

    /** Returns the number of photos. */
    public int photos() {
        return layout.photos();
    }

    int photos(int cell) {
        return layout.photos(cell);
    }

    /** Returns the SHA-256 of the package whose network made the embeddings, in hexadecimal. */
    public String backbone() {
        return backbone;
    }

    /** Returns whether the photos' names are stored. */
    public boolean hasNames() {
        return names.isPresent();
    }

    /** Returns the name of a photo; empty if names are not stored. */
    public Optional<String> name(int entry) {
        return names.map(all -> {
            int first = Integer.BYTES * (photos() + 1);
            int from = all.getInt(Integer.BYTES * entry);
            byte[] name = new byte[all.getInt(Integer.BYTES * (entry + 1)) - from];
            all.get(first + from, name);
            return new String(name, StandardCharsets.UTF_8);
        });
    }

    /** Returns the photos whose own id or user's id is on a list, found once per list. */
    public BitSet excluded(Exclusion exclusion) {
        return excluded.computeIfAbsent(exclusion.list(), unknown -> {
            BitSet found = new BitSet(photos());
            for (int cell = 0; cell < cells(); cell++) {
                ByteBuffer mapping = mappings.get(mappingOf[cell]);
                for (int i = 0; i < photos(cell); i++) {
                    int hashes = record(cell, i) + 4 * Float.BYTES;
                    for (int hash = 0; hash < 3; hash++) {
                        if (exclusion.holds().test(mapping.getLong(hashes + hash * Long.BYTES))) {
                            found.set(layout.starts()[cell] + i);
                        }
                    }
                }
            }
            return found;
        });
    }

    /** Writes an embedding as {@link Vectors#quantise} does. */
    float quantise(float[] embedding, byte[] values, long[] code) {
        if (embedding.length != width()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "The embedding has %d values, the gallery's have %d", embedding.length, width()));
        }
        return Vectors.quantise(embedding, mean, values, code);
    }

    /** Returns the position of a cell's first photo among all. */
    int start(int cell) {
        return layout.starts()[cell];
    }

    /** Returns the cell of a photo. */
    int cellOf(int entry) {
        int found = Arrays.binarySearch(layout.starts(), entry);
        if (found < 0) {
            return -found - 2;
        }
        int cell = found;
        while (cell + 1 < layout.starts().length && layout.starts()[cell + 1] == entry) {
            cell++; // empty cells before it have the same start
        }
        return cell;
    }

    /** Returns the buffer that has the block of a cell. */
    ByteBuffer mapping(int cell) {
        return mappings.get(mappingOf[cell]);
    }

    /** Returns the position of the codes of a cell in its buffer. */
    int codes(int cell) {
        return (int) (blocks[cell] - mappedFrom[mappingOf[cell]]);
    }

    /** Returns the position of a photo's record in its cell's buffer. */
    int record(int cell, int photo) {
        return codes(cell) + photos(cell) * layout.codeBytes() + photo * GalleryLayout.RECORD;
    }

    /** Returns the position of a photo's 8-bit values in its cell's buffer. */
    int values(int cell, int photo) {
        return codes(cell) + photos(cell) * (layout.codeBytes() + GalleryLayout.RECORD) + photo * width();
    }
}
