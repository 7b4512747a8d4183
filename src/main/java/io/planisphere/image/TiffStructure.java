package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the first directory of a TIFF, and checks that its strips or tiles are complete. */
final class TiffStructure {
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int XMP = 700;
    private static final int DNG_VERSION = 50706;
    // many pieces mean many small reads; libtiff has the same limit on strips
    private static final int MOST_PIECES = 1_000_000;

    private final TiffDirectory directory;
    private final TiffLayout layout;
    private final long maxPixels;

    private TiffStructure(TiffDirectory directory, long maxPixels) {
        this.directory = directory;
        this.maxPixels = maxPixels;
        layout = TiffLayout.of(directory);
    }

    /**
     * Reads the structure.
     *
     * @param maxPixels maximum pixels of a tile, or of a JPEG in the TIFF, which are decoded completely even if the image is
     *     smaller
     */
    static Structure read(PhotoBytes photo, long maxPixels) {
        TiffDirectory directory = TiffDirectory.of(photo);
        TiffStructure walk = new TiffStructure(directory, maxPixels);
        TiffLayout layout = walk.layout;
        Fault fault = walk.fault();
        return new Structure(
                ImageKind.TIFF, layout.width(), layout.height(), walk.orientation(), layout.samples(), fault);
    }

    private int orientation() {
        TiffDirectory.Values values = directory.valuesOf(TiffDirectory.ORIENTATION);
        if (values != null && values.count() > 0 && directory.bytes().has(values.at(), values.width())) {
            return Exif.orientation(directory.bytes(), values.type(), values.at());
        }
        TiffDirectory.Values xmp = directory.valuesOf(XMP);
        return xmp != null && directory.bytes().has(xmp.at(), xmp.count())
                ? Exif.first(Xmp.orientation(directory.bytes(), xmp.at(), xmp.count()))
                : Exif.UPRIGHT;
    }

    private @Nullable Fault fault() {
        if (directory.bytes().hasText(8, "CR") && directory.bytes().u16(2) == 42) {
            return Structure.unsupported("Camera raw file (CR2)");
        }
        if (directory.fault() != null) {
            return directory.fault();
        }
        if ((directory.value(NEW_SUBFILE_TYPE, 0) & 1) != 0 || directory.has(DNG_VERSION)) {
            return Structure.unsupported("Camera raw file or thumbnail in TIFF");
        }
        if (layout.stated() == 0 || layout.width() == 0 || layout.height() == 0) {
            return Structure.undecodable("TIFF directory without size or strips");
        }
        Fault fault = TiffForm.faultOf(directory, layout);
        if (fault == null && TiffForm.isOldJpeg(directory)) {
            return OldTiffJpeg.faultOf(directory, layout, maxPixels);
        }
        if (fault == null) {
            fault = pieceFault();
        }
        return fault == null && TiffForm.isJpeg(directory)
                ? new TiffJpegs(directory, layout, maxPixels).fault()
                : fault;
    }

    private @Nullable Fault pieceFault() {
        if (layout.pieceWidth() == 0 || layout.pieceHeight() == 0) {
            return Structure.undecodable("Tiles of " + layout.pieceWidth() + " x " + layout.pieceHeight());
        }
        if ((double) layout.pieceWidth() * layout.pieceHeight() > maxPixels) {
            return new Fault(
                    Status.TOO_LARGE,
                    "Tiles of " + layout.pieceWidth() + " x " + layout.pieceHeight() + " pixels, over the limit of "
                            + maxPixels);
        }
        if (layout.pieces() > MOST_PIECES) {
            return Structure.unsupported(String.format(Locale.ROOT, "%.0f strips or tiles", layout.pieces()));
        }
        if (layout.pieces() > layout.stated()) {
            return Structure.truncated(String.format(
                    Locale.ROOT,
                    "%d strips or tiles, but %d x %d take %.0f",
                    layout.stated(),
                    layout.width(),
                    layout.height(),
                    layout.pieces()));
        }
        boolean plain = TiffForm.isUncompressed(directory) && TiffForm.isDrawn(directory);
        for (int i = 0; i < layout.pieces(); i++) {
            long start = directory.value(layout.offsetsTag(), i, 0);
            long count = plain ? plainBytes(i) : directory.value(layout.countsTag(), i, 0);
            if (!directory.bytes().has(start, count)) {
                return directory.cutOff("but strip or tile " + i + " takes " + count + " bytes from " + start);
            }
        }
        return null;
    }

    /** Returns the bytes of an uncompressed piece, regardless of the length stored in the file. */
    private long plainBytes(int piece) {
        long y = piece / layout.across() % layout.down() * layout.pieceHeight();
        return layout.rowBytes() * layout.rowsFrom(y);
    }
}
