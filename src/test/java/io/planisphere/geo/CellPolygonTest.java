package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2CellId;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class CellPolygonTest {
    /** The drawn area differs from the cell by four thin slivers at most, and at level 30 by rounding errors. */
    private static final double MOST_AREA_LOST = 0.006;

    @ParameterizedTest
    @CsvFileSource(resources = "cell_polygons.csv", useHeadersInDisplayName = true)
    void cornersAndAreaAgreeWithAnotherS2Library(
            String token, int level, String corner0, String corner1, String corner2, String corner3, double area) {
        CellPolygon polygon = CellPolygon.of(S2CellId.fromToken(token));
        double step = Math.pow(10, -CellPolygon.decimals(level));

        for (String corner : List.of(corner0, corner1, corner2, corner3)) {
            int space = corner.indexOf(' ');
            double longitude = Double.parseDouble(corner.substring(0, space));
            double latitude = Double.parseDouble(corner.substring(space + 1));
            assertThat(polygon.rings())
                    .flatMap(ring -> ring)
                    .as(corner)
                    .anyMatch(place -> Math.abs(place.latitude() - latitude) < step
                            && (Math.abs(latitude) == 90
                                    || Math.abs(Math.IEEEremainder(place.longitude() - longitude, 360)) < step));
        }
        assertThat(polygon.rings().stream().mapToDouble(CellPolygonTest::area).sum())
                .isCloseTo(area, within(MOST_AREA_LOST * area));
    }

    @Property(tries = 2000)
    void theAreaOnTheSphereEqualsThatOfTheCell(@ForAll(supplier = AnyCell.class) S2CellId id) {
        double area = new S2Cell(id).exactArea();
        // the library's exact area of the smallest cells is a difference of nearly equal angles
        double expected = id.level() < 20 ? area : new S2Cell(id).approxArea();

        assertThat(CellPolygon.of(id).rings().stream()
                        .mapToDouble(CellPolygonTest::area)
                        .sum())
                .isCloseTo(expected, within(MOST_AREA_LOST * expected));
    }

    @Property(tries = 2000)
    void ringsAreClosedCounterClockwiseAndNeverJumpAcrossTheMap(@ForAll(supplier = AnyCell.class) S2CellId id) {
        assertThat(CellPolygon.of(id).rings()).isNotEmpty().allSatisfy(ring -> {
            assertThat(ring).hasSizeGreaterThan(3);
            assertThat(ring.get(0)).isEqualTo(ring.get(ring.size() - 1));
            assertThat(ring.subList(1, ring.size())).doesNotHaveDuplicates();
            double turned = 0;
            for (int i = 1; i < ring.size(); i++) {
                LatLng from = ring.get(i - 1);
                LatLng to = ring.get(i);
                LatLng base = ring.get(0);
                turned += (from.longitude() - base.longitude()) * (to.latitude() - base.latitude())
                        - (to.longitude() - base.longitude()) * (from.latitude() - base.latitude());
                boolean alongPole = Math.abs(from.latitude()) == 90 && from.latitude() == to.latitude();
                assertThat(alongPole ? 0 : Math.abs(to.longitude() - from.longitude()))
                        .isLessThan(100);
            }
            assertThat(turned).isPositive();
        });
    }

    @Property(tries = 500)
    void drawnLinesStayWithinTheDocumentedDistanceOfTheBoundary(@ForAll(supplier = AnyCell.class) S2CellId id) {
        S2Cell cell = new S2Cell(id);
        double edgeKm = Math.sqrt(S2Cell.averageArea(id.level())) * LatLng.EARTH_RADIUS_KM;
        double roundingKm =
                Math.pow(10, -CellPolygon.decimals(id.level())) * Math.toRadians(1) * LatLng.EARTH_RADIUS_KM;
        for (List<LatLng> ring : CellPolygon.of(id).rings()) {
            for (int i = 1; i < ring.size(); i++) {
                LatLng from = ring.get(i - 1);
                LatLng to = ring.get(i);
                boolean cut = Math.abs(from.longitude()) == 180 && from.longitude() == to.longitude();
                boolean alongPole = Math.abs(from.latitude()) == 90 && from.latitude() == to.latitude();
                for (int part = 0; part < 50 && !cut && !alongPole; part++) {
                    double share = part / 50.0;
                    LatLng drawn = new LatLng(
                            from.latitude() + share * (to.latitude() - from.latitude()),
                            from.longitude() + share * (to.longitude() - from.longitude()));
                    double awayKm =
                            cell.getBoundaryDistance(drawn.point()).toAngle().radians() * LatLng.EARTH_RADIUS_KM;
                    assertThat(awayKm).isLessThan(Math.min(0.1, edgeKm / 500) + roundingKm);
                }
            }
        }
    }

    @Property(tries = 500)
    void coordinatesHaveAtMostSevenDecimalsExceptForTheSmallestCells(@ForAll(supplier = AnyCell.class) S2CellId id) {
        int most = id.level() < 22 ? 7 : 10;

        assertThat(CellPolygon.of(id).rings())
                .flatMap(ring -> ring)
                .flatExtracting(LatLng::latitude, LatLng::longitude)
                .allSatisfy(degrees -> assertThat(BigDecimal.valueOf((Double) degrees)
                                .stripTrailingZeros()
                                .scale())
                        .isLessThanOrEqualTo(most));
    }

    @Property(tries = 1000)
    void placesOfTheCellAreInsideAndThoseOfNeighboursOutside(@ForAll(supplier = AnyCell.class) S2CellId id) {
        Assume.that(!id.isLeaf());
        S2CellId[] neighbours = new S2CellId[4];
        id.getEdgeNeighbors(neighbours);

        for (int quarter = 0; quarter < 4; quarter++) {
            assertThat(holds(CellPolygon.of(id), centre(id.child(quarter)))).isTrue();
            for (S2CellId neighbour : neighbours) {
                assertThat(holds(CellPolygon.of(id), centre(neighbour.child(quarter))))
                        .isFalse();
            }
        }
    }

    @Test
    void theFaceOnTheAntimeridianIsSplitInTwo() {
        List<List<LatLng>> rings = CellPolygon.of(S2CellId.fromFace(3)).rings();

        assertThat(rings).hasSize(2);
        assertThat(rings.get(0)).allMatch(place -> place.longitude() >= 135 && place.longitude() <= 180);
        assertThat(rings.get(1)).allMatch(place -> place.longitude() >= -180 && place.longitude() <= -135);
        assertThat(rings)
                .allSatisfy(ring -> assertThat(ring)
                        .filteredOn(place -> Math.abs(place.longitude()) == 180)
                        .extracting(LatLng::latitude)
                        .contains(45.0, -45.0));
    }

    @ParameterizedTest
    @CsvSource({"2, 90", "5, -90"})
    void aFaceThatContainsAPoleIsClosedAlongThePole(int face, double pole) {
        List<List<LatLng>> rings = CellPolygon.of(S2CellId.fromFace(face)).rings();

        assertThat(rings).singleElement().satisfies(ring -> {
            assertThat(ring).contains(new LatLng(pole, -180), new LatLng(pole, 180));
            assertThat(ring)
                    .filteredOn(place -> Math.abs(place.longitude()) == 180)
                    .hasSizeGreaterThanOrEqualTo(4);
        });
    }

    @Test
    void aCellWithAPoleAsCornerReachesItOnBothEdges() {
        S2CellId corner = new LatLng(90, 0).leaf().parent(12);

        assertThat(CellPolygon.of(corner).rings())
                .singleElement()
                .satisfies(ring -> assertThat(ring.subList(1, ring.size()))
                        .filteredOn(place -> place.latitude() == 90)
                        .hasSize(2));
    }

    @Test
    void cellsThatOnlyTouchTheAntimeridianStayInOnePiece() {
        for (int level = 1; level <= 30; level++) {
            assertThat(CellPolygon.of(new LatLng(10, 180).leaf().parent(level)).rings())
                    .hasSize(1);
            assertThat(CellPolygon.of(new LatLng(10, -180).leaf().parent(level)).rings())
                    .hasSize(1);
        }
    }

    @Test
    void theSmallestCellsAddUpToTheirParent() {
        S2CellId parent = new LatLng(48.8584, 2.2945).leaf().parent(29);
        double area = area(CellPolygon.of(parent).rings().get(0));

        assertThat(IntStream.range(0, 4)
                        .mapToDouble(child ->
                                area(CellPolygon.of(parent.child(child)).rings().get(0)))
                        .sum())
                .isCloseTo(area, within(MOST_AREA_LOST * area));
    }

    /**
     * Returns the area of a ring with straight lines in degrees, in square radians: the integral of −sin φ dλ, piece by piece.
     */
    private static double area(List<LatLng> ring) {
        double area = 0;
        for (int i = 1; i < ring.size(); i++) {
            double from = Math.toRadians(ring.get(i - 1).latitude());
            double to = Math.toRadians(ring.get(i).latitude());
            double across =
                    Math.toRadians(ring.get(i).longitude() - ring.get(i - 1).longitude());
            // sin at the middle latitude, times the mean of the cosine over the piece; all relative to the first
            // place, so that small cells keep their precision
            double middle = (from + to) / 2;
            double half = (to - from) / 2;
            double mean = half == 0 ? 1 : Math.sin(half) / half;
            double base = Math.toRadians(ring.get(0).latitude());
            area -= across
                    * (2 * Math.cos((middle + base) / 2) * Math.sin((middle - base) / 2) * mean
                            - Math.sin(base) * (1 - mean));
        }
        return area;
    }

    private static LatLng centre(S2CellId id) {
        var centre = id.toLatLng();
        return new LatLng(centre.latDegrees(), centre.lngDegrees());
    }

    /** Returns whether a polygon contains a place: counts the edges that a line to the east crosses. */
    private static boolean holds(CellPolygon polygon, LatLng place) {
        boolean inside = false;
        for (List<LatLng> ring : polygon.rings()) {
            for (int i = 1; i < ring.size(); i++) {
                LatLng from = ring.get(i - 1);
                LatLng to = ring.get(i);
                if (from.latitude() > place.latitude() != to.latitude() > place.latitude()) {
                    double share = (place.latitude() - from.latitude()) / (to.latitude() - from.latitude());
                    inside ^= place.longitude() < from.longitude() + share * (to.longitude() - from.longitude());
                }
            }
        }
        return inside;
    }

    /** Cells of every level, anywhere and at the singular places of the map: the poles, the antimeridian, corners of faces. */
    static final class AnyCell implements ArbitrarySupplier<S2CellId> {
        @Override
        public Arbitrary<S2CellId> get() {
            return Combinators.combine(
                            new Places().get(), Arbitraries.integers().between(0, S2CellId.MAX_LEVEL))
                    .as((place, level) -> place.leaf().parent(level));
        }
    }
}
