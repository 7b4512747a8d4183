package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Determines from the bytes, before anything is decoded, a photo's format, whether it is complete, and whether it is within the
 * limits. Takes microseconds; allocates nothing whose size depends on values in the file.
 */
public final class Sniffer {
    /** Flickr's "this photo is no longer available" as JPEG, which its servers sent in place of deleted photos. */
    static final Placeholder FLICKR_PLACEHOLDER = new Placeholder(9_218, "6a92790b1c2a301c6e7ddef645dca1f53ea97ac2");

    // maximum of the native library
    private static final int MAX_SIDE = 1 << 20;

    private final ImageLimits limits;
    private final Placeholder placeholder;

    /** A placeholder for a missing photo: its length and SHA-1. The length alone would also match real photos. */
    record Placeholder(int length, String sha1) {}

    public Sniffer(ImageLimits limits) {
        this(limits, FLICKR_PLACEHOLDER);
    }

    Sniffer(ImageLimits limits, Placeholder placeholder) {
        this.limits = limits;
        this.placeholder = placeholder;
    }

    /** Checks the bytes of a photo. Never throws, whatever the bytes are. */
    public Sniffed sniff(byte[] bytes) {
        return sniff(PhotoBytes.of(bytes));
    }

    /** Checks a photo in a longer array. Never throws. */
    public Sniffed sniff(PhotoBytes photo) {
        if (photo.length() == 0) {
            return rejected(Status.EMPTY, "0 bytes");
        }
        if (photo.length() > limits.maxBytes()) {
            return rejected(Status.TOO_LARGE, photo.length() + " bytes, over the limit of " + limits.maxBytes());
        }
        if (isPlaceholder(photo)) {
            return rejected(Status.PLACEHOLDER, "Flickr's picture for a photo that is not available");
        }
        Optional<ImageKind> kind = Signatures.kindOf(photo);
        if (kind.isEmpty()) {
            Fault fault = Signatures.faultOf(photo);
            return rejected(fault.why(), fault.detail());
        }
        return judged(
                switch (kind.get()) {
                    case JPEG -> JpegStructure.read(photo);
                    case PNG -> PngStructure.read(photo);
                    case WEBP -> WebpStructure.read(photo);
                    case GIF -> GifStructure.read(photo);
                    case TIFF -> TiffStructure.read(photo, limits.maxPixels());
                    case BMP -> BmpStructure.read(photo);
                });
    }

    private Sniffed judged(Structure found) {
        int width = (int) Math.min(found.width(), Integer.MAX_VALUE);
        int height = (int) Math.min(found.height(), Integer.MAX_VALUE);
        Header header = new Header(
                found.kind(), width, height, found.orientation(), found.components(), found.isLosslessJpeg());
        Fault fault = sizeFault(found);
        if (fault == null) {
            fault = found.fault();
        }
        if (fault == null && (width == 0 || height == 0)) {
            fault = Structure.undecodable("No pixels: " + width + " x " + height);
        }
        return fault == null
                ? new Sniffed.Complete(header)
                : new Sniffed.Rejected(
                        fault.why(),
                        found.kind() + ": " + fault.detail(),
                        header.uprightWidth(),
                        header.uprightHeight());
    }

    private @Nullable Fault sizeFault(Structure found) {
        String size = found.width() + " x " + found.height() + " pixels";
        // both are below 2^32, so their product as a double is accurate enough
        if ((double) found.width() * found.height() > limits.maxPixels()) {
            return new Fault(Status.TOO_LARGE, size + ", over the limit of " + limits.maxPixels());
        }
        if (Math.max(found.width(), found.height()) > MAX_SIDE) {
            return new Fault(Status.TOO_LARGE, size + ", a side over " + MAX_SIDE);
        }
        return null;
    }

    private boolean isPlaceholder(PhotoBytes photo) {
        if (photo.length() != placeholder.length()) {
            return false;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(photo.array(), 0, photo.length());
            return Arrays.equals(digest.digest(), HexFormat.of().parseHex(placeholder.sha1()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }

    private static Sniffed rejected(Status why, String detail) {
        return new Sniffed.Rejected(why, detail, 0, 0);
    }
}
