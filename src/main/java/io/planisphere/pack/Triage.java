package io.planisphere.pack;

import io.planisphere.image.Header;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Sniffed;
import io.planisphere.image.Sniffer;
import io.planisphere.image.Status;
import io.planisphere.source.MediaType;
import java.util.Locale;

/** Says by a photo's header whether it belongs into a shard, and of what kind it is. Nothing is decoded. */
public final class Triage {
    private final Sniffer sniffer;

    public Triage(ImageLimits limits) {
        this.sniffer = new Sniffer(limits);
    }

    /** What is to become of a photo. */
    public sealed interface Verdict {}

    /**
     * It goes in.
     *
     * @param extension of its kind, without a dot
     * @param width of the upright photo; 0 where its kind is not read here
     */
    public record Fit(String extension, int width, int height) implements Verdict {}

    /** It stays out. */
    public record Unfit(Status why, String detail, int width, int height) implements Verdict {}

    /** Photos of a kind that is not read here, such as HEIC, go in as they are if their name says that they are photos. */
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
