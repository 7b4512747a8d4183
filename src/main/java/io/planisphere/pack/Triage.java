package io.planisphere.pack;

import io.planisphere.image.Header;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Sniffed;
import io.planisphere.image.Sniffer;
import io.planisphere.image.Status;
import io.planisphere.source.MediaType;
import java.util.Locale;

/** Decides from a photo's header whether it goes into a shard, and determines its image format. Nothing is decoded. */
public final class Triage {
    private final Sniffer sniffer;

    public Triage(ImageLimits limits) {
        this.sniffer = new Sniffer(limits);
    }

    /** The decision for a photo. */
    public sealed interface Verdict {}

    /**
     * The photo goes into the shard.
     *
     * @param extension extension of its image format, without a dot
     * @param width width of the upright photo; 0 if its format is not supported
     */
    public record Fit(String extension, int width, int height) implements Verdict {}

    /** The photo is left out. */
    public record Unfit(Status why, String detail, int width, int height) implements Verdict {}

    /**
     * Decides for a photo. Photos in unsupported formats, such as HEIC, go in unchanged if they have the file name of a photo.
     */
    public Verdict of(String id, PhotoBytes photo) {
        Sniffed sniffed = sniffer.sniff(photo);
        if (sniffed instanceof Sniffed.Complete complete) {
            Header header = complete.header();
            return new Fit(extension(header), header.uprightWidth(), header.uprightHeight());
        }
        Sniffed.Rejected no = (Sniffed.Rejected) sniffed;
        boolean other = no.why() == Status.UNSUPPORTED && MediaType.of(id) == MediaType.PHOTO;
        return other
                ? new Fit(id.substring(id.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT), no.width(), no.height())
                : new Unfit(no.why(), no.detail(), no.width(), no.height());
    }

    private static String extension(Header header) {
        return switch (header.kind()) {
            case JPEG -> "jpg";
            case PNG -> "png";
            case WEBP -> "webp";
            case GIF -> "gif";
            case TIFF -> "tif";
            case BMP -> "bmp";
        };
    }
}
