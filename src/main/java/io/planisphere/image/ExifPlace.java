package io.planisphere.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.GpsDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a photo's EXIF says it was taken (Exif 2.32, section 4.6.6).
 *
 * @param latitude degrees north, in [-90, 90]
 * @param longitude degrees east, in [-180, 180]
 */
public record ExifPlace(double latitude, double longitude) {
    /** Empty where the photo has no GPS position, an impossible one, or metadata that cannot be read. */
    public static Optional<ExifPlace> of(byte[] bytes) {
        Metadata metadata;
        try {
            metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length);
        } catch (ImageProcessingException | IOException e) {
            return Optional.empty();
        }
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
