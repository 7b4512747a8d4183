package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses the blocks of a GIF (GIF89a, section 17 and following) up to its first frame, which is all that is decoded: later
 * blocks, including the trailer, may be missing or damaged.
 */
final class GifStructure {
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;
    private static final int SCREEN = 13;
    private static final int DESCRIPTOR = 10;

    private final Bytes in;
    private @Nullable Frame frame;
    private int background;

    /**
     * A frame and its colours.
     *
     * @param background index of the colour outside the frame
     * @param data offset of its LZW data, which begins with the number of bits
     */
    record Frame(
            int left,
            int top,
            int width,
            int height,
            boolean isInterlaced,
            int background,
            long palette,
            int paletteBytes,
            long data) {}

    private GifStructure(Bytes in) {
        this.in = in;
    }

    static Structure read(PhotoBytes photo) {
        Bytes in = Bytes.littleEndian(photo);
        if (!in.has(0, SCREEN)) {
            return new Structure(
                    ImageKind.GIF,
                    0,
                    0,
                    1,
                    0,
                    Structure.truncated("Ends after " + in.length() + " bytes, in its header"));
        }
        GifStructure walk = new GifStructure(in);
        Fault fault = walk.walk();
        long width = in.u16(6);
        long height = in.u16(8);
        if (walk.frame != null) {
            // the canvas grows to fit the frame, as in Pillow
            width = Math.max(width, walk.frame.left() + walk.frame.width());
            height = Math.max(height, walk.frame.top() + walk.frame.height());
        }
        return new Structure(ImageKind.GIF, width, height, Exif.UPRIGHT, 1, fault);
    }

    /** Returns the first frame of a GIF with a complete header; empty if there is no frame. */
    static Optional<Frame> firstFrame(Bytes in) {
        GifStructure walk = new GifStructure(in);
        walk.walk();
        return Optional.ofNullable(walk.frame);
    }

    private @Nullable Fault walk() {
        long at = (long) SCREEN + paletteBytes(in.u8(10));
        while (in.has(at, 1)) {
            int block = in.u8(at);
            if (block == TRAILER) {
                return Structure.truncated("Trailer at byte " + at + " before any frame");
            } else if (block == EXTENSION) {
                graphicControl(at);
                at = afterSubBlocks(at + 2);
            } else if (block == IMAGE) {
                return frame(at);
            } else {
                at++; // Pillow and browsers skip bytes until the next block
            }
        }
        return cutOff("before a frame");
    }

    private void graphicControl(long at) {
        if (in.has(at, 7) && in.u8(at + 1) == GRAPHIC_CONTROL && (in.u8(at + 3) & 1) != 0) {
            background = in.u8(at + 6);
        }
    }

    private @Nullable Fault frame(long at) {
        if (!in.has(at, DESCRIPTOR)) {
            return cutOff("in its first frame's header");
        }
        int flags = in.u8(at + 9);
        boolean hasOwn = (flags & 0x80) != 0;
        int colours = paletteBytes(hasOwn ? flags : in.u8(10));
        long palette = hasOwn ? at + DESCRIPTOR : SCREEN;
        long data = at + DESCRIPTOR + (hasOwn ? colours : 0);
        if (!in.has(data, 2)) {
            return cutOff("in its first frame's palette");
        }
        if (in.u16(at + 5) == 0 || in.u16(at + 7) == 0) {
            return Structure.undecodable("Its first frame is " + in.u16(at + 5) + " x " + in.u16(at + 7));
        }
        frame = new Frame(
                in.u16(at + 1),
                in.u16(at + 3),
                in.u16(at + 5),
                in.u16(at + 7),
                (flags & 0x40) != 0,
                background,
                palette,
                colours,
                data);
        // a complete last block may be all that the pixels need
        return afterSubBlocks(data + 1) > in.length() + 1L ? cutOff("in its first frame") : null;
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
    }

    private long afterSubBlocks(long start) {
        long at = start;
        while (in.has(at, 1) && in.u8(at) != 0) {
            at += 1 + in.u8(at);
        }
        return at + 1;
    }

    private Fault cutOff(String where) {
        return Structure.truncated("Ends after " + in.length() + " bytes, " + where);
    }
}
