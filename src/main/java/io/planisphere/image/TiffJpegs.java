package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Checks the JPEGs in a TIFF, one per strip or tile, before libtiff reads them: each has its own size, and the allocation for it
 * is not bounded by the TIFF's size.
 */
final class TiffJpegs {
    private static final int START_OF_IMAGE = 0xFFD8;

    private final TiffDirectory directory;
    private final TiffLayout layout;
    private final long maxPixels;

    TiffJpegs(TiffDirectory directory, TiffLayout layout, long maxPixels) {
        this.directory = directory;
        this.layout = layout;
        this.maxPixels = maxPixels;
    }

    @Nullable
    Fault fault() {
        // all that are listed, although the image may need fewer
        for (int i = 0; i < layout.stated(); i++) {
            long start = directory.value(layout.offsetsTag(), i, 0);
            long count = directory.value(
                    layout.countsTag(), i, Math.max(0, directory.bytes().length() - start));
            if (!directory.bytes().has(start, count)) {
                return directory.cutOff("but strip or tile " + i + " takes " + count + " bytes from " + start);
            }
            long y = i / layout.across() % layout.down() * layout.pieceHeight();
            Fault fault = fault((int) start, (int) count, layout.rowsFrom(y));
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable Fault fault(int start, int count, long rows) {
        Bytes in = new Bytes(directory.bytes().array(), start + count, ByteOrder.BIG_ENDIAN);
        if (!in.has(start, 4) || in.u16(start) != START_OF_IMAGE) {
            return Structure.undecodable("Strip or tile at byte " + start + " is no JPEG");
        }
        Structure jpeg = JpegStructure.read(in, start);
        Fault fault = faultOf(jpeg, maxPixels);
        if (fault != null) {
            return fault;
        }
        if (jpeg.isLosslessJpeg()) {
            return Structure.unsupported("Lossless JPEG in it");
        }
        boolean isSmaller = jpeg.width() < layout.pieceWidth() || jpeg.height() < rows;
        if (isSmaller && layout.planes() == 1) { // a chroma plane may have fewer samples
            return Structure.undecodable("JPEG of " + jpeg.width() + " x " + jpeg.height() + " in a strip or tile of "
                    + layout.pieceWidth() + " x " + rows);
        }
        return null;
    }

    static @Nullable Fault faultOf(Structure jpeg, long maxPixels) {
        if ((double) jpeg.width() * jpeg.height() > maxPixels) {
            return new Fault(
                    Status.TOO_LARGE,
                    "JPEG in it: " + jpeg.width() + " x " + jpeg.height() + " pixels, over the limit of " + maxPixels);
        }
        Fault fault = jpeg.fault();
        return fault == null ? null : new Fault(fault.why(), "JPEG in it: " + fault.detail());
    }
}
