package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.drew.imaging.ImageMetadataReader;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.jpeg.JpegDirectory;
import io.planisphere.geo.LatLng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the photos of the quickstart with a library that was not used to write them. */
class SamplePhotosTest {
    private static final Path PHOTOS = Path.of("src/samples/earth");

    @Test
    void everyPhotoHasItsPlaceAndNoTwoAreNeighbours() throws Exception {
        List<LatLng> places = new ArrayList<>();
        for (Path photo : photos()) {
            var metadata = ImageMetadataReader.readMetadata(photo.toFile());
            var gps = metadata.getFirstDirectoryOfType(GpsDirectory.class).getGeoLocation();
            places.add(new LatLng(gps.getLatitude(), gps.getLongitude()));
            assertThat(metadata.getFirstDirectoryOfType(JpegDirectory.class).getImageWidth())
                    .isEqualTo(384);
        }

        assertThat(places).hasSizeBetween(30, 40);
        for (LatLng place : places) {
            assertThat(places).allMatch(other -> other.equals(place) || other.distanceKm(place) > 800);
        }
    }

    @Test
    void thePhotosHaveAtMostTwoMegabytesInTotal() throws Exception {
        assertThat(photos())
                .extracting(photo -> photo.toFile().length())
                .satisfies(sizes -> assertThat(
                                sizes.stream().mapToLong(Long::longValue).sum())
                        .isLessThanOrEqualTo(2_000_000));
    }

    private static List<Path> photos() throws Exception {
        try (Stream<Path> files = Files.list(PHOTOS)) {
            return files.toList();
        }
    }
}
