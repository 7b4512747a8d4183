package io.planisphere.source;

import java.util.Locale;
import java.util.Set;

/** The type of a file by its name alone, for selecting files; the decoder checks the bytes. */
public enum MediaType {
    /** An image by its extension, decodable or not. */
    PHOTO,
    VIDEO,
    /** Anything else: text, labels, sound. */
    OTHER,
    /** A file of the operating system ({@code ._x}, {@code .DS_Store}), not part of a collection. */
    HIDDEN;

    private static final Set<String> PHOTOS = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "tif", "tiff", "bmp", "heic", "heif", "avif", "jxl",
            "jp2", "ppm", "pgm", "pbm", "pnm");
    private static final Set<String> VIDEOS = Set.of(
            "mp4", "m4v", "mov", "avi", "webm", "mkv", "wmv", "flv", "mpg", "mpeg", "3gp", "3g2", "ogv", "mts", "m2ts");

    /** Returns the type of the file at {@code path}, by its base name and last extension. */
    public static MediaType of(String path) {
        String name = baseName(path);
        if (name.startsWith(".")) {
            return HIDDEN;
        }
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (extension.length() == name.length()) {
            return OTHER;
        }
        return PHOTOS.contains(extension) ? PHOTO : VIDEOS.contains(extension) ? VIDEO : OTHER;
    }

    static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
