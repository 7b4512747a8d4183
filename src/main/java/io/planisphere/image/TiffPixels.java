package io.planisphere.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Decodes the pixels of a TIFF with uncompressed or losslessly compressed samples, piece by piece and row by row. */
final class TiffPixels {
    private final TiffDirectory directory;
    private final TiffLayout layout;
    private final RowSink sink;
    private final TiffColours colours;
    private final byte[][] rows;
    private final byte[] rgb;

    private TiffPixels(TiffDirectory directory, RowSink sink) {
        this.directory = directory;
        this.sink = sink;
        layout = TiffLayout.of(directory);
        colours = TiffColours.of(directory, layout);
        rows = new byte[layout.planes()][(int) layout.rowBytes()];
        rgb = new byte[3 * (int) Math.min(layout.pieceWidth(), layout.width())];
    }

    /** Returns whether this class decodes the photo, whose structure must be complete. */
    static boolean canDraw(PhotoBytes photo) {
        return TiffForm.isDrawn(TiffDirectory.of(photo));
    }

    /** @throws EOFException if the data of a strip or tile ends before its last row */
    static void draw(PhotoBytes photo, RowSink sink) throws IOException {
        new TiffPixels(TiffDirectory.of(photo), sink).pieces();
    }

    private void pieces() throws IOException {
        long perPlane = layout.across() * layout.down();
        for (long piece = 0; piece < perPlane; piece++) {
            long x = piece % layout.across() * layout.pieceWidth();
            long y = piece / layout.across() * layout.pieceHeight();
            List<InputStream> planes = new ArrayList<>();
            try {
                for (int plane = 0; plane < layout.planes(); plane++) {
                    planes.add(TiffData.of(directory, layout, piece + plane * perPlane, layout.rowsFrom(y)));
                }
                piece(planes, (int) x, (int) y);
            } finally {
                for (InputStream plane : planes) {
                    plane.close(); // frees native memory of an inflater
                }
            }
        }
    }

    private void piece(List<InputStream> planes, int left, int top) throws IOException {
        int width = (int) Math.min(layout.pieceWidth(), layout.width() - left);
        int height = (int) Math.min(layout.pieceHeight(), layout.height() - top);
        TiffPredictor predictor = TiffPredictor.of(directory, layout);
        for (int y = 0; y < height; y++) {
            for (int plane = 0; plane < planes.size(); plane++) {
                byte[] row = rows[plane];
                if (planes.get(plane).readNBytes(row, 0, row.length) < row.length) {
                    throw new EOFException("a strip or tile ends in row " + (top + y));
                }
                predictor.undo(row);
            }
            colours.toRgb(rows, width, rgb);
            sink.put(left, top + y, rgb, width);
        }
    }
}
