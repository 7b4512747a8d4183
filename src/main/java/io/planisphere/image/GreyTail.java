package io.planisphere.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Detects JPEGs whose scan stops early although an end marker follows: libjpeg fills the rest with mid-grey and only warns, but
 * OpenCV does not report the warning. A grey last block is the first indication; the JDK's own decoder, which reports warnings,
 * then decides. So other photos cost nothing, and photos with a grey corner are kept.
 */
final class GreyTail {
    private static final int BLOCK = 8;
    private static final int MID_GREY = 128;
    // tolerance for libjpeg's smoothing between blocks in a progressive photo
    private static final int SMOOTHED = 4;

    private GreyTail() {}

    /** Returns whether {@code stored}, just decoded from {@code photo}, lacks the end of its scan. */
    static boolean isIn(Mat stored, PhotoBytes photo, int components, int reduction) {
        return lastBlockIsGrey(stored, components, BLOCK / reduction) && scanEndsEarly(photo);
    }

    private static boolean lastBlockIsGrey(Mat stored, int components, int block) {
        int width = (stored.cols() - 1) % block + 1;
        int height = (stored.rows() - 1) % block + 1;
        BytePointer data = stored.data();
        long last = (stored.rows() - 1) * stored.step() + 3L * (stored.cols() - 1);
        int grey = data.get(last) & 0xFF;
        // in CMYK, mid-grey in all four channels multiplies to a darker value
        if (components < 4 && Math.abs(grey - MID_GREY) > SMOOTHED) {
            return false;
        }
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < 3 * width; i++) {
                int value = data.get(last + 2 - y * stored.step() - i) & 0xFF;
                if (Math.abs(value - grey) > SMOOTHED) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean scanEndsEarly(PhotoBytes photo) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        if (!readers.hasNext()) {
            return false;
        }
        boolean[] warned = new boolean[1];
        ImageReader reader = readers.next();
        reader.addIIOReadWarningListener((source, warning) -> warned[0] |= warning.contains("premature end"));
        try (MemoryCacheImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(photo.array(), 0, photo.length()))) {
            reader.setInput(in);
            reader.readRaster(0, null);
        } catch (IOException | RuntimeException e) {
            // the JDK is stricter than libjpeg-turbo in other respects, for which a photo must not be rejected
            return warned[0];
        } finally {
            reader.dispose();
        }
        return warned[0];
    }
}
