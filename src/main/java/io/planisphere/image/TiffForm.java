package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Determines which variants of TIFF are supported, and which decoder reads them: uncompressed or losslessly compressed samples in
 * Java ({@link TiffPixels}); fax codes, JPEG and other YCbCr by libtiff.
 */
final class TiffForm {
    static final int UNCOMPRESSED = 1;
    static final int LZW = 5;
    static final int DEFLATE = 8;
    static final int OLD_DEFLATE = 32946;
    static final int PACK_BITS = 32773;
    static final int OLD_JPEG = 6;
    static final int JPEG = 7;
    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int CMYK = 5;
    static final int YCBCR = 6;
    static final int UNSIGNED = 1;
    static final int SIGNED = 2;
    static final int FLOAT = 3;

    private static final int TRANSPARENCY = 4;
    private static final Set<Long> DRAWN = Set.of(1L, 5L, 8L, 32946L, 32773L);
    private static final Set<Long> FAX = Set.of(2L, 3L, 4L);
    private static final Map<Long, String> OTHER_COMPRESSIONS = Map.ofEntries(
            Map.entry(9L, "JBIG"),
            Map.entry(10L, "JBIG"),
            Map.entry(32766L, "NeXT"),
            Map.entry(32771L, "CCITT RLE of words"),
            Map.entry(32809L, "ThunderScan"),
            Map.entry(34661L, "JBIG"),
            Map.entry(34676L, "LogLuv"),
            Map.entry(34677L, "LogLuv"),
            Map.entry(34712L, "JPEG 2000"),
            Map.entry(34887L, "LERC"),
            Map.entry(34925L, "LZMA"),
            Map.entry(50000L, "Zstandard"),
            Map.entry(50001L, "WebP"),
            Map.entry(50002L, "JPEG XL"));
    private static final Map<Long, String> OTHER_PHOTOMETRICS = Map.of(
            4L, "a transparency mask",
            8L, "CIE L*a*b*",
            9L, "ICC L*a*b*",
            10L, "ITU L*a*b*",
            32803L, "a colour filter array",
            32844L, "LogL",
            32845L, "LogLuv");

    private TiffForm() {}

    static long compression(TiffDirectory directory) {
        return directory.value(TiffDirectory.COMPRESSION, UNCOMPRESSED);
    }

    static long photometric(TiffDirectory directory) {
        return directory.value(TiffDirectory.PHOTOMETRIC, WHITE_IS_ZERO);
    }

    static long sampleFormat(TiffDirectory directory) {
        return directory.value(TiffDirectory.SAMPLE_FORMAT, UNSIGNED);
    }

    static boolean isUncompressed(TiffDirectory directory) {
        return compression(directory) == UNCOMPRESSED;
    }

    static boolean isJpeg(TiffDirectory directory) {
        return compression(directory) == JPEG;
    }

    static boolean isOldJpeg(TiffDirectory directory) {
        return compression(directory) == OLD_JPEG;
    }

    /** Returns whether its samples are decoded in Java. */
    static boolean isDrawn(TiffDirectory directory) {
        return DRAWN.contains(compression(directory)) && photometric(directory) != YCBCR;
    }

    /** Returns the number of colour samples per pixel; further samples are alpha or other data. */
    static int colours(TiffDirectory directory) {
        return switch ((int) photometric(directory)) {
            case RGB, YCBCR -> 3;
            case CMYK -> 4;
            default -> 1;
        };
    }

    /** Returns the default number of samples if it is missing: old writers of JPEG stored it only in the JPEG. */
    static int samplesUnlessStated(TiffDirectory directory) {
        return compression(directory) == OLD_JPEG ? colours(directory) : 1;
    }

    /** Returns why a variant is not supported. */
    static @Nullable Fault faultOf(TiffDirectory directory, TiffLayout layout) {
        long compression = compression(directory);
        long photometric = photometric(directory);
        boolean fax = FAX.contains(compression);
        if (!DRAWN.contains(compression) && !fax && !isJpeg(directory) && !isOldJpeg(directory)) {
            String name = OTHER_COMPRESSIONS.get(compression);
            return Structure.unsupported("Compression " + compression + (name == null ? "" : ", " + name));
        }
        for (int i = 1; i < directory.count(TiffDirectory.BITS) && i < layout.samples(); i++) {
            if (directory.value(TiffDirectory.BITS, i, 0) != layout.bits()) {
                return Structure.unsupported(
                        "Samples of " + layout.bits() + " and " + directory.value(TiffDirectory.BITS, i, 0) + " bits");
            }
        }
        if ((photometric > CMYK && photometric != YCBCR) || photometric == TRANSPARENCY) {
            String name = OTHER_PHOTOMETRICS.get(photometric);
            return Structure.unsupported(
                    "Photometric interpretation " + photometric + (name == null ? "" : ", " + name));
        }
        boolean isRead = fax
                ? photometric <= BLACK_IS_ZERO && layout.bits() == 1 && layout.samples() == 1
                : isDrawn(directory) ? isDrawn(directory, layout) : isNative(directory, layout);
        return isRead ? null : Structure.unsupported(described(directory, layout));
    }

    private static boolean isDrawn(TiffDirectory directory, TiffLayout layout) {
        int bits = layout.bits();
        boolean predicted = switch ((int) TiffPredictor.kind(directory)) {
            case TiffPredictor.NONE -> true;
            case TiffPredictor.HORIZONTAL -> Set.of(8, 16, 32).contains(bits);
            case TiffPredictor.FLOATING_POINT -> sampleFormat(directory) == FLOAT;
            default -> false;
        };
        if (!predicted
                || layout.samples() < colours(directory)
                || (photometric(directory) == CMYK && directory.value(TiffDirectory.INK_SET, 1) != 1)) {
            return false;
        }
        boolean unsigned = sampleFormat(directory) == UNSIGNED;
        return switch ((int) photometric(directory)) {
            case WHITE_IS_ZERO ->
                (unsigned && Set.of(1, 2, 4, 8, 12, 16).contains(bits))
                        || (sampleFormat(directory) == FLOAT && bits == 32);
            case BLACK_IS_ZERO ->
                switch ((int) sampleFormat(directory)) {
                    case UNSIGNED -> Set.of(1, 2, 4, 8, 12, 16, 32).contains(bits);
                    case SIGNED -> Set.of(8, 16, 32).contains(bits);
                    case FLOAT -> bits == 32;
                    default -> false;
                };
            case PALETTE ->
                unsigned
                        && Set.of(1, 2, 4, 8).contains(bits)
                        && directory.count(TiffDirectory.COLOUR_MAP) == 3L << bits;
            default -> unsigned && (bits == 8 || bits == 16);
        };
    }

    /** Returns whether libtiff reads it: YCbCr, and the formats allowed in JPEG. */
    private static boolean isNative(TiffDirectory directory, TiffLayout layout) {
        return layout.bits() == 8 && layout.samples() == colours(directory) && photometric(directory) != PALETTE;
    }

    private static String described(TiffDirectory directory, TiffLayout layout) {
        String format = switch ((int) Math.min(sampleFormat(directory), 99)) {
            case UNSIGNED -> "unsigned";
            case SIGNED -> "signed";
            case FLOAT -> "floating-point";
            default -> "of format " + sampleFormat(directory);
        };
        return layout.samples() + " samples of " + layout.bits() + " bits, " + format + ", photometric interpretation "
                + photometric(directory) + ", compression " + compression(directory) + ", predictor "
                + TiffPredictor.kind(directory);
    }
}
