package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_GRAY2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * Decodes photos to upright RGB pixels, one at a time. Every colour format becomes 8-bit RGB as with Pillow's {@code
 * convert("RGB")}: grey is repeated, alpha is dropped, palette colours are looked up, CMYK and YCCK are multiplied out under
 * Adobe's convention; 16-bit values keep their upper 8 bits. The first frame of an animation is used.
 *
 * <p>Use one decoder per task: it owns native buffers that each photo reuses, and is not thread-safe.
 */
public final class Decoder implements AutoCloseable {
    /** Filters that allow a reduced decode; filters with hard edges would show what the reduction left out. */
    private static final Set<Resampling> REDUCIBLE = EnumSet.of(Resampling.BILINEAR, Resampling.BICUBIC);

    private static final long FIRST_INPUT_BYTES = 1 << 18;

    private final double reducingGap;
    private final Sniffer sniffer;
    private final Mat stored;
    private final Mat upright;
    private BytePointer input;

    public Decoder(ImageLimits limits) {
        OpenCv.load();
        reducingGap = limits.reducingGap();
        sniffer = new Sniffer(limits);
        stored = new Mat();
        upright = new Mat();
        input = new BytePointer(FIRST_INPUT_BYTES);
    }

    /**
     * Decodes one photo. Invalid bytes result in a value, never in an exception.
     *
     * @param target rule for the pixels: a JPEG far larger than its size is decoded at a reduced size
     */
    public Decoded decode(PhotoBytes photo, Preprocessing target) {
        return decode(photo, header -> reduction(header, target));
    }

    /** Decodes a photo in a whole array in the same way. */
    public Decoded decode(byte[] bytes, Preprocessing target) {
        return decode(PhotoBytes.of(bytes), target);
    }

    /** Returns whether the photo's header and structure are valid, which is the first step of {@code decode}. */
    public boolean isComplete(PhotoBytes photo) {
        return sniffer.sniff(photo) instanceof Sniffed.Complete;
    }

    /** Decodes one photo at full size, for cutting parts out of it. */
    public Decoded decodeWhole(PhotoBytes photo) {
        return decode(photo, header -> 1);
    }

    /** Decodes a photo in a whole array in the same way. */
    public Decoded decodeWhole(byte[] bytes) {
        return decodeWhole(PhotoBytes.of(bytes));
    }

    /** Decodes in every way that another call of this class could, without returning pixels; for {@link TrialDecoder}. */
    void decodeAtEverySize(byte[] bytes) {
        for (int reduction : List.of(1, 2, 4, 8)) {
            int size = reduction;
            decode(PhotoBytes.of(bytes), header -> isReducible(header) ? size : 1);
        }
    }

    private Decoded decode(PhotoBytes photo, ToIntFunction<Header> reduction) {
        Sniffed sniffed = sniffer.sniff(photo);
        if (sniffed instanceof Sniffed.Rejected no) {
            return new Decoded.Rejected(no.why(), no.detail(), no.width(), no.height());
        }
        Header header = ((Sniffed.Complete) sniffed).header();
        return decode(photo, header, reduction.applyAsInt(header));
    }

    private Decoded decode(PhotoBytes photo, Header header, int reduction) {
        Decoded.Rejected fault = fill(photo, header, reduction);
        if (fault != null) {
            return fault;
        }
        Mat pixels = Orientation.upright(stored, upright, header.orientation());
        return new Decoded.Ok(new Pixels(pixels, header.uprightWidth(), header.uprightHeight(), reduction));
    }

    /** Fills {@link #stored}. */
    private Decoded.@Nullable Rejected fill(PhotoBytes photo, Header header, int reduction) {
        if (isDrawn(header.kind(), photo)) {
            return drawn(photo, header);
        }
        if (header.kind() == ImageKind.TIFF) {
            Optional<PhotoBytes> jpeg = OldTiffJpeg.of(photo);
            if (jpeg.isPresent()) {
                return decodedNatively(jpeg.get(), OldTiffJpeg.header(jpeg.get(), header), reduction);
            }
        }
        return decodedNatively(photo, header, reduction);
    }

    /**
     * Returns whether the photo is decoded in Java: formats for which OpenCV differs from Pillow in some variants, and whose
     * decoders are short.
     */
    private static boolean isDrawn(ImageKind kind, PhotoBytes photo) {
        return switch (kind) {
            case GIF, BMP -> true;
            case TIFF -> TiffPixels.canDraw(photo);
            case JPEG, PNG, WEBP -> false;
        };
    }

    /** Fills {@link #stored} without native code. */
    private Decoded.@Nullable Rejected drawn(PhotoBytes photo, Header header) {
        try (RowSink sink = new RowSink(stored, header.width(), header.height())) {
            switch (header.kind()) {
                case GIF -> GifPixels.draw(photo, header, sink);
                case BMP -> BmpPixels.draw(photo, sink);
                default -> TiffPixels.draw(photo, sink);
            }
            return null;
        } catch (EOFException e) {
            return rejected(header, Status.TRUNCATED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return undecodable(header, String.valueOf(e.getMessage()));
        }
    }

    private Decoded.@Nullable Rejected decodedNatively(PhotoBytes photo, Header header, int reduction) {
        try (Mat encoded = wrapped(photo, header.kind())) {
            int flags = colourFlag(header) | IMREAD_IGNORE_ORIENTATION | reducedFlag(reduction);
            // empty on failure, when {@code stored} still has an earlier photo
            try (Mat same = imdecode(encoded, flags, stored)) {
                if (same.empty()) {
                    return undecodable(header, "the decoder gave up on its data");
                }
            }
            if (isLosslessGrey(header)) {
                cvtColor(stored, stored, COLOR_GRAY2RGB);
            }
        } catch (RuntimeException e) { // JavaCPP converts every C++ exception to one
            return undecodable(header, String.valueOf(e.getMessage()));
        }
        int width = (header.width() + reduction - 1) / reduction;
        int height = (header.height() + reduction - 1) / reduction;
        if (stored.type() != CV_8UC3 || stored.cols() != width || stored.rows() != height) {
            return undecodable(
                    header, "decoded as " + stored.cols() + " x " + stored.rows() + " of type " + stored.type());
        }
        if (isReducible(header) && GreyTail.isIn(stored, photo, header.components(), reduction)) {
            return rejected(header, Status.TRUNCATED, "its scan ends early, the rest is grey");
        }
        return null;
    }

    private Mat wrapped(PhotoBytes photo, ImageKind kind) {
        if (input.capacity() < photo.length()) {
            input.close();
            input = new BytePointer(photo.length() + (long) photo.length() / 4);
        }
        input.position(0).put(photo.array(), 0, photo.length());
        WithoutOrientationAndAlpha.make(kind, photo, input);
        return new Mat(1, photo.length(), CV_8UC1, input);
    }

    private int reduction(Header header, Preprocessing target) {
        if (!isReducible(header) || !REDUCIBLE.contains(target.resampling())) {
            return 1;
        }
        double times = timesTooLarge(header, target.resize());
        int reduction = 1;
        while (reduction < 8 && times >= 2 * reduction * reducingGap) {
            reduction *= 2;
        }
        return reduction;
    }

    /** Returns the number of photo pixels per target pixel, along the axis with the smaller ratio. */
    private static double timesTooLarge(Header header, Resize resize) {
        double width = header.uprightWidth();
        double height = header.uprightHeight();
        if (resize instanceof Resize.ShortestSide shortest) {
            return Math.min(width, height) / shortest.pixels();
        }
        if (resize instanceof Resize.Exact exact) {
            return Math.min(width / exact.size().width(), height / exact.size().height());
        }
        return 1;
    }

    private static boolean isReducible(Header header) {
        return header.kind() == ImageKind.JPEG && !header.isLosslessJpeg();
    }

    /**
     * Returns whether the photo is a grey lossless JPEG, for which libjpeg-turbo does no colour conversion, not even from grey to
     * RGB.
     */
    private static boolean isLosslessGrey(Header header) {
        return header.isLosslessJpeg() && header.components() == 1;
    }

    private static int colourFlag(Header header) {
        return isLosslessGrey(header) ? IMREAD_GRAYSCALE : IMREAD_COLOR_RGB;
    }

    private static int reducedFlag(int reduction) {
        // the bit of IMREAD_REDUCED_COLOR_2, _4 or _8 besides the one for BGR
        return reduction == 1 ? 0 : 8 * reduction;
    }

    private static Decoded.Rejected undecodable(Header header, String reason) {
        // OpenCV's message begins with the location in its own sources
        String line = reason.substring(Math.max(0, reason.indexOf("error:")))
                .replaceAll("\\s+", " ")
                .strip();
        return rejected(header, Status.UNDECODABLE, line);
    }

    private static Decoded.Rejected rejected(Header header, Status why, String reason) {
        return new Decoded.Rejected(
                why,
                header.kind() + " of " + header.width() + " x " + header.height() + ": " + reason,
                header.uprightWidth(),
                header.uprightHeight());
    }

    @Override
    public void close() {
        stored.close();
        upright.close();
        input.close();
    }
}
