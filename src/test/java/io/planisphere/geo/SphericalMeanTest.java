package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SphericalMeanTest {
    @Test
    void meanAcrossTheDateLineStaysThere() {
        LatLng mean = mean(List.of(new LatLng(10, 179), new LatLng(10, -179)));

        assertThat(Math.abs(mean.longitude())).isEqualTo(180);
        // the great circle between them runs slightly closer to the pole than the parallel
        assertThat(mean.latitude()).isCloseTo(10.0015, within(0.0001));
    }

    @Test
    void theMeanAroundAPoleIsThePole() {
        List<LatLng> ring = new ArrayList<>();
        for (int longitude = -180; longitude < 180; longitude += 30) {
            ring.add(new LatLng(-89, longitude));
        }

        assertThat(mean(ring).latitude()).isEqualTo(-90);
    }

    @Test
    void meanOfTwoPlacesIsHalfwayOnTheGreatCircle() {
        LatLng berlin = new LatLng(52.52, 13.405);
        LatLng paris = new LatLng(48.8566, 2.3522);

        LatLng mean = mean(List.of(berlin, paris));

        assertThat(mean.distanceKm(berlin)).isCloseTo(877.463326 / 2, within(1e-4));
        assertThat(mean.distanceKm(paris)).isCloseTo(877.463326 / 2, within(1e-4));
    }

    @Test
    void antipodesAndEmptySetsHaveNoMean() {
        assertThat(SphericalMean.NONE.place()).isEmpty();
        assertThat(sum(List.of(new LatLng(30, 20), new LatLng(-30, -160))).place())
                .isEmpty();
    }

    @Test
    void moreThanTwoToTheThirtyOnePlacesAreRejectedWithoutOverflow() {
        SphericalMean many = SphericalMean.of(new LatLng(0, 0));
        for (int doubling = 0; doubling < 30; doubling++) {
            many = many.plus(many);
        }
        SphericalMean full = many;

        assertThat(full.place()).contains(new LatLng(0, 0));
        assertThatThrownBy(() -> full.plus(full)).isInstanceOf(ArithmeticException.class);
    }

    @Property
    void theMeanOfOnePlaceIsThatPlaceWithinACentimetre(@ForAll(supplier = Places.class) LatLng place) {
        assertThat(mean(List.of(place)).distanceKm(place)).isLessThan(1e-5);
    }

    @Property
    void orderAndGroupingDoNotMatter(
            @ForAll(supplier = Places.Lists.class) List<LatLng> places, @ForAll Random random) {
        List<LatLng> shuffled = new ArrayList<>(places);
        Collections.shuffle(shuffled, random);
        int cut = random.nextInt(places.size() + 1);

        assertThat(sum(shuffled.subList(cut, places.size())).plus(sum(shuffled.subList(0, cut))))
                .isEqualTo(sum(places));
    }

    private static LatLng mean(List<LatLng> places) {
        return sum(places).place().orElseThrow();
    }

    private static SphericalMean sum(List<LatLng> places) {
        return places.stream().map(SphericalMean::of).reduce(SphericalMean.NONE, SphericalMean::plus);
    }
}
