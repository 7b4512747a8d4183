package io.planisphere.image;

/**
 * The layout of a TIFF's samples: in strips or tiles, here called pieces, with the samples of a pixel together or in separate
 * planes.
 *
 * @param planes 1, or the number of samples
 * @param pieceHeight height of all but the last piece in a column of pieces
 */
record TiffLayout(
        long width,
        long height,
        int bits,
        int samples,
        int planes,
        boolean isTiled,
        long pieceWidth,
        long pieceHeight,
        long stated,
        int offsetsTag,
        int countsTag) {

    /** Reads the layout; missing sizes are 0. */
    static TiffLayout of(TiffDirectory directory) {
        long width = directory.value(TiffDirectory.WIDTH, 0);
        long height = directory.value(TiffDirectory.HEIGHT, 0);
        int samples =
                (int) Math.min(directory.value(TiffDirectory.SAMPLES, TiffForm.samplesUnlessStated(directory)), 99);
        boolean tiled = directory.has(TiffDirectory.TILE_OFFSETS) && !directory.has(TiffDirectory.STRIP_OFFSETS);
        int offsets = tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS;
        long rows = directory.value(tiled ? TiffDirectory.TILE_HEIGHT : TiffDirectory.ROWS_PER_STRIP, height);
        return new TiffLayout(
                width,
                height,
                (int) Math.min(directory.value(TiffDirectory.BITS, 1), 999),
                samples,
                directory.value(TiffDirectory.PLANAR, 1) == 2 ? samples : 1,
                tiled,
                tiled ? directory.value(TiffDirectory.TILE_WIDTH, 0) : width,
                tiled ? rows : Math.min(rows == 0 ? height : rows, height),
                directory.count(offsets),
                offsets,
                tiled ? TiffDirectory.TILE_COUNTS : TiffDirectory.STRIP_COUNTS);
    }

    long across() {
        return (width + pieceWidth - 1) / pieceWidth;
    }

    long down() {
        return (height + pieceHeight - 1) / pieceHeight;
    }

    /** Returns the number of pieces of the whole image. */
    double pieces() {
        return (double) across() * down() * planes;
    }

    /** Returns the bytes of a piece's row in one plane; rows begin at whole bytes. */
    long rowBytes() {
        return (pieceWidth * bits * (samples / planes) + 7) / 8;
    }

    /** Returns the number of rows of a piece: always all for a tile, even beyond the image; fewer for the last strip. */
    long rowsFrom(long y) {
        return isTiled ? pieceHeight : Math.min(pieceHeight, height - y);
    }
}
