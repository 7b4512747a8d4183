package io.planisphere.geo;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import io.planisphere.geo.AdaptivePartitioner.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptivePartitionerTest {
    private static final LatLng LONDON = new LatLng(51.5, -0.12);
    private static final LatLng SYDNEY = new LatLng(-33.87, 151.21);

    @Property
    void cellsAreDisjoint(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        List<Cell> cells = rule.partition(places).partition().cells();

        for (Cell cell : cells) {
            assertThat(cells)
                    .filteredOn(other -> other.id().intersects(cell.id()))
                    .containsExactly(cell);
        }
    }

    @Property
    void cellsHoldTMinToTMaxPlacesExceptAtTheDeepestLevel(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        assertThat(rule.partition(places).partition().cells()).allSatisfy(cell -> {
            assertThat(cell.photos()).isGreaterThanOrEqualTo(rule.tMin());
            assertThat(cell.id().level()).isLessThanOrEqualTo(rule.maxLevel());
            if (cell.id().level() < rule.maxLevel()) {
                assertThat(cell.photos()).isLessThanOrEqualTo(rule.tMax());
            }
        });
    }

    @Property
    void noCellIsDeeperThanNecessary(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        assertThat(rule.partition(places).partition().cells())
                .filteredOn(cell -> !cell.id().isFace())
                .allSatisfy(cell -> assertThat(places)
                        .filteredOn(place -> cell.id().parent().contains(place.leaf()))
                        .hasSizeGreaterThan((int) rule.tMax()));
    }

    @Property
    void everyPlaceIsInExactlyOneCellOrCountedAsDropped(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        Outcome outcome = rule.partition(places);
        Partition partition = outcome.partition();

        Map<OptionalInt, Long> byLabel = places.stream().collect(groupingBy(partition::labelOf, counting()));
        assertThat(partition.cells())
                .allSatisfy(cell -> assertThat(byLabel).containsEntry(OptionalInt.of(cell.label()), cell.photos()));
        assertThat(byLabel.getOrDefault(OptionalInt.empty(), 0L)).isEqualTo(outcome.droppedPlaces());
        assertThat(outcome.keptPlaces() + outcome.droppedPlaces()).isEqualTo(places.size());
    }

    @Property
    void theMeanIsComputedOnTheUnitSphere(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        double fiveCentimetres = 5e-5;
        assertThat(rule.partition(places).partition().cells())
                .allSatisfy(cell -> assertThat(cell.mean()
                                .distanceKm(meanInFloatingPoint(places.stream()
                                        .filter(place -> cell.id().contains(place.leaf()))
                                        .toList())))
                        .isLessThan(fiveCentimetres));
    }

    @Property
    void orderOfPlacesDoesNotMatter(
            @ForAll(supplier = Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places,
            @ForAll Random random) {
        List<LatLng> shuffled = new ArrayList<>(places);
        Collections.shuffle(shuffled, random);

        assertThat(rule.partition(shuffled)).isEqualTo(rule.partition(places));
    }

    @Test
    void sparsePlacesStayInTheirFaces() {
        Outcome outcome = new AdaptivePartitioner(1, 2, 30).partition(List.of(LONDON, LONDON, SYDNEY));

        // London is on face 2 (token 5), Sydney on face 3 (token 7); both cells are at the coarsest level
        assertThat(outcome.partition().cells()).extracting(Cell::token).containsExactly("5", "7");
        assertThat(outcome.partition().cells()).extracting(Cell::photos).containsExactly(2L, 1L);
    }

    @Test
    void oneIdenticalPlaceEndsAtTheDeepestLevel() {
        Outcome outcome = new AdaptivePartitioner(1, 2, 12).partition(Collections.nCopies(5, LONDON));

        assertThat(outcome.partition().cells()).singleElement().satisfies(cell -> {
            assertThat(cell.id())
                    .isEqualTo(S2CellId.fromLatLng(S2LatLng.fromDegrees(51.5, -0.12))
                            .parent(12));
            assertThat(cell.photos()).isEqualTo(5);
            assertThat(cell.mean()).isEqualTo(LONDON);
        });
    }

    @Test
    void cellsUnderTMinAreDroppedWithTheirPlaces() {
        Outcome outcome = new AdaptivePartitioner(2, 4, 30).partition(List.of(LONDON, LONDON, SYDNEY));

        assertThat(outcome.partition().cells())
                .singleElement()
                .extracting(Cell::photos)
                .isEqualTo(2L);
        assertThat(outcome.partition().labelOf(SYDNEY)).isEmpty();
        assertThat(outcome.keptPlaces()).isEqualTo(2);
        assertThat(outcome.droppedCells()).isEqualTo(1);
        assertThat(outcome.droppedPlaces()).isEqualTo(1);
    }

    @Test
    void noPlacesGiveNoCells() {
        assertThat(new AdaptivePartitioner(1, 1, 30)
                        .partition(List.of())
                        .partition()
                        .cells())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,10,5,t_min", "11,10,5,t_min", "1,10,31,level", "1,10,-1,level"})
    void invalidRulesAreRejected(long tMin, long tMax, int maxLevel, String named) {
        assertThatThrownBy(() -> new AdaptivePartitioner(tMin, tMax, maxLevel)).hasMessageContaining(named);
    }

    private static LatLng meanInFloatingPoint(List<LatLng> places) {
        double x = 0;
        double y = 0;
        double z = 0;
        for (LatLng place : places) {
            double phi = Math.toRadians(place.latitude());
            double lambda = Math.toRadians(place.longitude());
            x += Math.cos(phi) * Math.cos(lambda);
            y += Math.cos(phi) * Math.sin(lambda);
            z += Math.sin(phi);
        }
        return new LatLng(Math.toDegrees(Math.atan2(z, Math.hypot(x, y))), Math.toDegrees(Math.atan2(y, x)));
    }

    /** Rules whose limits have an effect on a few hundred places. */
    static final class Rules implements ArbitrarySupplier<AdaptivePartitioner> {
        @Override
        public Arbitrary<AdaptivePartitioner> get() {
            return Combinators.combine(
                            Arbitraries.integers().between(1, 10),
                            Arbitraries.integers().between(0, 40),
                            Arbitraries.integers().between(0, 30))
                    .as((tMin, more, maxLevel) -> new AdaptivePartitioner(tMin, tMin + more, maxLevel));
        }
    }
}
