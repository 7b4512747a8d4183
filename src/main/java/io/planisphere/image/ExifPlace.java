package io.planisphere.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.GeoLocation;
import com.drew.lang.StreamReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.exif.GpsDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The GPS position in a photo's EXIF (Exif 2.32, section 4.6.6).
 *
 * @param latitude degrees north, in [-90, 90]
 * @param longitude degrees east, in [-180, 180]
 */
public record ExifPlace(double latitude, double longitude) {
    /** Reads the position; empty if the photo has none, an invalid one, or unreadable metadata. */
    public static Optional<ExifPlace> of(byte[] bytes) {
        try {
            return placeIn(metadata(bytes));
        } catch (ImageProcessingException | IOException | RuntimeException e) { // the library trusts some lengths
            return Optional.empty();
        }
    }

    private static Metadata metadata(byte[] bytes) throws ImageProcessingException, IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        if (!Signatures.kindOf(PhotoBytes.of(bytes)).equals(Optional.of(ImageKind.PNG))) {
            return ImageMetadataReader.readMetadata(in, bytes.length);
        }
        // the library would also inflate comments and profiles, of unlimited size
        Metadata metadata = new Metadata();
        for (PngChunk chunk : new PngChunkReader().extract(new StreamReader(in), Set.of(PngChunkType.eXIf))) {
            new ExifReader().extract(new ByteArrayReader(chunk.getBytes()), metadata);
        }
        return metadata;
    }

    private static Optional<ExifPlace> placeIn(Metadata metadata) {
        for (GpsDirectory directory : metadata.getDirectoriesOfType(GpsDirectory.class)) {
            GeoLocation place = directory.getGeoLocation();
            // cameras without a fix write 0, 0
            if (place != null && !place.isZero() && isPossible(place)) {
                return Optional.of(new ExifPlace(place.getLatitude(), place.getLongitude()));
            }
        }
        return Optional.empty();
    }

    private static boolean isPossible(GeoLocation place) {
        return Math.abs(place.getLatitude()) <= 90 && Math.abs(place.getLongitude()) <= 180;
    }
}
