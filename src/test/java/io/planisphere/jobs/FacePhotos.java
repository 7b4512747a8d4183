package io.planisphere.jobs;

import io.planisphere.model.TinyFaceModels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Photos in which the detector of {@link TinyFaceModels} finds the faces that a test needs. */
final class FacePhotos {
    /** Side of a face in {@link #crowd}, in pixels. */
    static final int TILE = 40;

    private FacePhotos() {}

    /** Returns a photo green enough for all boxes, with a different colour for each tile. */
    static BufferedImage crowd() {
        int side = TILE * TinyFaceModels.GRID;
        BufferedImage photo = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = photo.createGraphics();
        for (int line = 0; line < TinyFaceModels.GRID; line++) {
            for (int column = 0; column < TinyFaceModels.GRID; column++) {
                graphics.setColor(colour(column, line));
                graphics.fillRect(column * TILE, line * TILE, TILE, TILE);
            }
        }
        graphics.dispose();
        return photo;
    }

    /** Returns the colour of the tile in a column and a line. */
    static Color colour(int column, int line) {
        return new Color(12 * column + 5, 200 + (column + line) % 50, 12 * line + 5);
    }

    /**
     * Returns a photo that is 800 by 600 upright, red with a yellow corner at the top left; it is stored sideways with EXIF
     * orientation 6.
     */
    static byte[] turned() throws IOException {
        BufferedImage stored = new BufferedImage(600, 800, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = stored.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 600, 800);
        graphics.setColor(Color.YELLOW);
        graphics.fillRect(0, 800 - 64, 64, 64);
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(stored, "jpg", jpeg);
        byte[] plain = jpeg.toByteArray();
        byte[] exif = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'I',
            'I',
            42,
            0,
            8,
            0,
            0,
            0,
            1,
            0,
            0x12,
            1,
            3,
            0,
            1,
            0,
            0,
            0,
            6,
            0,
            0,
            0,
            0,
            0,
            0,
            0
        };
        ByteArrayOutputStream photo = new ByteArrayOutputStream();
        photo.write(plain, 0, 2);
        photo.write(exif);
        photo.write(plain, 2, plain.length - 2);
        return photo.toByteArray();
    }
}
