package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Old-style JPEG in TIFF (version 6.0, compression 6), which most builds of libtiff lack, including this one. It is supported if
 * the TIFF has one complete JPEG (JPEGInterchangeFormat) and its strips are that JPEG's own data, but not if tables and data are
 * scattered over the file.
 */
final class OldTiffJpeg {
    private static final int JPEG_STREAM = 513;
    private static final int JPEG_STREAM_BYTES = 514;
    private static final byte[] END_OF_IMAGE = {(byte) 0xFF, (byte) 0xD9};

    private OldTiffJpeg() {}

    /** Returns the JPEG, with an end marker added if it has none; empty if it is not contiguous. */
    static Optional<PhotoBytes> of(TiffDirectory directory, TiffLayout layout) {
        Bytes in = directory.bytes();
        long start = directory.value(JPEG_STREAM, 0);
        if (start == 0 || !in.has(start, 4) || in.u8(start) != 0xFF || in.u8(start + 1) != 0xD8) {
            return Optional.empty();
        }
        long stated = directory.value(JPEG_STREAM_BYTES, 0);
        long end = stated == 0 ? in.length() : Math.min(in.length(), start + stated);
        long data = directory.value(layout.offsetsTag(), start);
        if (data < start || data >= end) {
            return Optional.empty();
        }
        byte[] jpeg = Arrays.copyOfRange(in.array(), (int) start, (int) end + END_OF_IMAGE.length);
        System.arraycopy(END_OF_IMAGE, 0, jpeg, jpeg.length - END_OF_IMAGE.length, END_OF_IMAGE.length);
        return Optional.of(PhotoBytes.of(jpeg));
    }

    /** Returns the JPEG of a TIFF with this compression; empty for other photos. */
    static Optional<PhotoBytes> of(PhotoBytes photo) {
        TiffDirectory directory = TiffDirectory.of(photo);
        return TiffForm.isOldJpeg(directory) ? of(directory, TiffLayout.of(directory)) : Optional.empty();
    }

    static @Nullable Fault faultOf(TiffDirectory directory, TiffLayout layout, long maxPixels) {
        Optional<PhotoBytes> photo = of(directory, layout);
        if (photo.isEmpty()) {
            return Structure.unsupported("Old-style JPEG (compression 6) that is not in one piece");
        }
        Structure jpeg = JpegStructure.read(photo.get());
        Fault fault = TiffJpegs.faultOf(jpeg, maxPixels);
        if (fault == null && (jpeg.width() != layout.width() || jpeg.height() != layout.height())) {
            fault = Structure.unsupported("Old-style JPEG (compression 6) of " + jpeg.width() + " x " + jpeg.height()
                    + " in a TIFF of " + layout.width() + " x " + layout.height());
        }
        return fault;
    }

    /** Returns the header for decoding: the JPEG's format and colours, the TIFF's orientation. */
    static Header header(PhotoBytes jpeg, Header tiff) {
        Structure found = JpegStructure.read(jpeg);
        return new Header(
                ImageKind.JPEG,
                tiff.width(),
                tiff.height(),
                tiff.orientation(),
                found.components(),
                found.isLosslessJpeg());
    }
}
