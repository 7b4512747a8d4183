package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class LatLngTest {
    @ParameterizedTest
    @CsvFileSource(resources = "great_circles.csv", useHeadersInDisplayName = true)
    void distanceAgreesWithSixtyDigitArithmetic(
            double latitude, double longitude, double otherLatitude, double otherLongitude, double distanceKm) {
        LatLng place = new LatLng(latitude, longitude);
        LatLng other = new LatLng(otherLatitude, otherLongitude);

        // within a tenth of a millimetre at any distance, and nine digits at the shortest
        assertThat(place.distanceKm(other)).isCloseTo(distanceKm, within(1e-7 * Math.min(1, distanceKm) + 1e-11));
        assertThat(other.distanceKm(place)).isCloseTo(distanceKm, within(1e-7 * Math.min(1, distanceKm) + 1e-11));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "s2_tokens.csv", useHeadersInDisplayName = true)
    void cellsAgreeWithAnotherS2Library(double latitude, double longitude, int level, String token) {
        assertThat(new LatLng(latitude, longitude).leaf().parent(level).toToken())
                .isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({"91,0", "-90.0000001,0", "NaN,0", "0,180.5", "0,-181", "0,NaN", "-Infinity,0", "0,Infinity"})
    void impossibleCoordinatesAreRejected(double latitude, double longitude) {
        assertThat(LatLng.of(latitude, longitude)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"90,180", "-90,-180", "0,0"})
    void theLimitsOfTheRangeAreValid(double latitude, double longitude) {
        assertThat(LatLng.of(latitude, longitude)).contains(new LatLng(latitude, longitude));
    }

    @Test
    void theMessageNamesTheValueOutOfRange() {
        assertThatThrownBy(() -> new LatLng(91, 0))
                .hasMessageContaining("Latitude")
                .hasMessageContaining("91.0");
        assertThatThrownBy(() -> new LatLng(0, Double.NaN))
                .hasMessageContaining("Longitude")
                .hasMessageContaining("NaN");
    }
}
