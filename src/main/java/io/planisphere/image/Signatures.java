package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Identifies files by their first bytes: supported image formats, other image formats, and files that are not images. */
final class Signatures {
    private static final Signature[] READ = {
        new Signature("\u00FF\u00D8\u00FF", ImageKind.JPEG),
        new Signature("\u0089PNG\r\n\u001A\n", ImageKind.PNG),
        new Signature("GIF87a", ImageKind.GIF),
        new Signature("GIF89a", ImageKind.GIF),
        new Signature("II*\0", ImageKind.TIFF),
        new Signature("MM\0*", ImageKind.TIFF),
        new Signature("II+\0", ImageKind.TIFF),
        new Signature("MM\0+", ImageKind.TIFF),
    };

    private static final List<Foreign> OTHER_IMAGES = List.of(
            new Foreign("\u00FF\n", "JPEG XL"),
            new Foreign("\0\0\0\fJXL \r\n", "JPEG XL"),
            new Foreign("\0\0\0\fjP  \r\n", "JPEG 2000"),
            new Foreign("\u00FFO\u00FFQ", "JPEG 2000"),
            new Foreign("II\u00BC", "JPEG XR"),
            new Foreign("IIRO", "Camera raw file (ORF)"),
            new Foreign("IIU\0", "Camera raw file (RW2)"),
            new Foreign("FUJIFILMCCD-RAW", "Camera raw file (RAF)"),
            new Foreign("8BPS", "Photoshop"),
            new Foreign("gimp xcf", "GIMP"),
            new Foreign("<svg", "SVG"),
            new Foreign("\0\0\1\0", "Icon"),
            new Foreign("icns", "Icon"),
            new Foreign("v/1\1", "OpenEXR"),
            new Foreign("#?RADIANCE", "Radiance HDR"),
            new Foreign("#?RGBE", "Radiance HDR"),
            new Foreign("DDS ", "DirectDraw surface"),
            new Foreign("qoif", "QOI"),
            new Foreign("BPG\u00FB", "BPG"),
            new Foreign("FLIF", "FLIF"),
            new Foreign("SIMPLE  =", "FITS"),
            new Foreign("Y\u00A6j\u0095", "Sun raster"),
            new Foreign("%!PS", "PostScript"),
            new Foreign("\u008AMNG\r\n", "MNG"),
            new Foreign("\u008BJNG\r\n", "JNG"));

    private static final List<Foreign> NO_IMAGES = List.of(
            new Foreign("%PDF", "PDF document"),
            new Foreign("PK\3\4", "zip archive"),
            new Foreign("PK\5\6", "zip archive"),
            new Foreign("\u001F\u008B", "gzip archive"),
            new Foreign("BZh", "bzip2 archive"),
            new Foreign("\u00FD7zXZ", "xz archive"),
            new Foreign("(\u00B5/\u00FD", "Zstandard archive"),
            new Foreign("7z\u00BC\u00AF", "7-Zip archive"),
            new Foreign("Rar!", "RAR archive"),
            new Foreign("\u007FELF", "program"),
            new Foreign("MZ", "program"),
            new Foreign("OggS", "Ogg media"),
            new Foreign("ID3", "MP3 audio"),
            new Foreign("fLaC", "FLAC audio"),
            new Foreign("\u001AE\u00DF\u00A3", "Matroska video"),
            new Foreign("FLV\1", "Flash video"));

    private static final String HEIF_BRANDS = "heic heix heim heis hevc hevx mif1 msf1";

    private record Signature(String start, ImageKind kind) {}

    private record Foreign(String start, String name) {}

    private Signatures() {}

    static Optional<ImageKind> kindOf(PhotoBytes photo) {
        Bytes in = Bytes.littleEndian(photo);
        for (Signature signature : READ) {
            if (in.hasText(0, signature.start())) {
                return Optional.of(signature.kind());
            }
        }
        if (in.hasText(0, "RIFF") && in.hasText(8, "WEBP")) {
            return Optional.of(ImageKind.WEBP);
        }
        // two letters alone would match text files, so the reserved fields must also be zero
        if (in.hasText(0, "BM") && (in.length() < 10 || in.u32(6) == 0)) {
            return Optional.of(ImageKind.BMP);
        }
        return Optional.empty();
    }

    /** Returns the fault of bytes that are not in a supported format. */
    static Fault faultOf(PhotoBytes photo) {
        Bytes in = Bytes.bigEndian(photo);
        for (Foreign image : OTHER_IMAGES) {
            if (in.hasText(0, image.start())) {
                return Structure.unsupported(image.name() + " is not read here");
            }
        }
        for (Foreign other : NO_IMAGES) {
            if (in.hasText(0, other.start())) {
                return notAnImage("a " + other.name());
            }
        }
        if (in.hasText(4, "ftyp") && in.has(8, 4)) {
            return ofBrand(in.printable(8, 4));
        }
        if (in.hasText(0, "RIFF") && in.has(8, 4)) {
            return notAnImage("a RIFF file of type " + in.printable(8, 4).strip());
        }
        if (beginsLikeAnImage(in)) {
            return Structure.truncated("Ends after " + in.length() + " bytes, in its signature");
        }
        return ofText(in);
    }

    private static Fault ofBrand(String brand) {
        if (HEIF_BRANDS.contains(brand)) {
            return Structure.unsupported("HEIC is not read here");
        }
        if (brand.equals("avif") || brand.equals("avis")) {
            return Structure.unsupported("AVIF is not read here");
        }
        if (brand.equals("crx ")) {
            return Structure.unsupported("Camera raw file (CR3) is not read here");
        }
        return notAnImage("a video of brand " + brand.strip());
    }

    private static boolean beginsLikeAnImage(Bytes in) {
        if (in.hasText(0, "RIFF") && in.length() < 12) {
            return true;
        }
        for (Signature signature : READ) {
            String start = signature.start();
            if (in.length() < start.length() && in.hasText(0, start.substring(0, in.length()))) {
                return true;
            }
        }
        return false;
    }

    private static Fault ofText(Bytes in) {
        String start = in.text(0, Math.min(in.length(), 1024));
        String lower = start.replace("\u00EF\u00BB\u00BF", "").strip().toLowerCase(Locale.ROOT);
        if (lower.startsWith("<?xml") || lower.startsWith("<!--") || lower.startsWith("<!doctype svg")) {
            return lower.contains("<svg") || lower.startsWith("<!doctype svg")
                    ? Structure.unsupported("SVG is not read here")
                    : notAnImage("an XML text: " + excerpt(start));
        }
        if (lower.startsWith("<svg")) {
            return Structure.unsupported("SVG is not read here");
        }
        if (start.matches("(?s)P[1-7]\\s.*")) {
            return Structure.unsupported("Netpbm is not read here");
        }
        if (lower.startsWith("<!doctype") || lower.startsWith("<html")) {
            return notAnImage("an HTML page: " + excerpt(start));
        }
        boolean printable = start.chars().allMatch(c -> c >= ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f');
        return notAnImage(printable ? "a text: " + excerpt(start) : "bytes of an unknown kind");
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }

    private static Fault notAnImage(String what) {
        return new Fault(Status.NOT_AN_IMAGE, "Begins like " + what);
    }
}
