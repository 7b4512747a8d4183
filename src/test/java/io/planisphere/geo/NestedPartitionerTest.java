package io.planisphere.geo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.geo.AdaptivePartitioner.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class NestedPartitionerTest {
    private static final List<Long> GOLDEN_T_MAX = List.of(1000L, 200L, 50L);

    @Property(tries = 300)
    void eachPartitionEqualsThatOfItsRuleAlone(
            @ForAll(supplier = Rules.class) NestedPartitioner nested,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        assertThat(nested.partitions(places))
                .containsExactlyElementsOf(nested.rules().stream()
                        .map(rule -> rule.partition(places))
                        .toList());
    }

    @Property(tries = 300)
    void eachCellHasExactlyOneAncestorOrSelfInEveryCoarserPartition(
            @ForAll(supplier = Rules.class) NestedPartitioner nested,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places) {
        List<Outcome> outcomes = nested.partitions(places);

        for (int fine = 1; fine < outcomes.size(); fine++) {
            for (Outcome coarse : outcomes.subList(0, fine)) {
                for (Cell cell : outcomes.get(fine).partition().cells()) {
                    assertThat(coarse.partition().cells())
                            .filteredOn(other -> other.id().intersects(cell.id()))
                            .singleElement()
                            .matches(other -> other.id().contains(cell.id()));
                }
            }
        }
    }

    @Test
    void allPartitionsShareOneDescentOfTheTree() {
        List<LatLng> places = scattered();
        NestedPartitioner nested = nested(10, GOLDEN_T_MAX, 16);
        List<Integer> together = new ArrayList<>();
        List<Integer> finestAlone = new ArrayList<>();

        nested.partitions((level, cells) -> {
            together.add(cells.size());
            return Places.count(places, level, cells);
        });
        nested.rules().get(2).partition((level, cells) -> {
            finestAlone.add(cells.size());
            return Places.count(places, level, cells);
        });

        assertThat(together).isEqualTo(finestAlone);
    }

    @Test
    void cellsAgreeWithAnotherS2Library() throws IOException {
        assertAgrees(scattered(), "nested_cells.csv");
    }

    /**
     * Uses photos of YFCC100M, which are not in the repository: {@code -Dplaces=FILE}, in the format that nested_cells.py
     * reads.
     */
    @Test
    @EnabledIfSystemProperty(named = "places", matches = ".+")
    void cellsOfRealPlacesAgreeWithAnotherS2Library() throws IOException {
        List<LatLng> places = Files.readAllLines(Path.of(System.getProperty("places"))).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(row -> new LatLng(Double.parseDouble(row[2]), Double.parseDouble(row[3])))
                .toList();

        assertAgrees(places, "real_cells.csv");
    }

    @Test
    void rulesThatDoNotNestAreRejected() {
        assertThatThrownBy(() -> nested(10, List.of(200L, 1000L), 16))
                .hasMessageContaining("t_max must fall from coarse to fine, got 200 and then 1000");
        assertThatThrownBy(() -> nested(10, List.of(200L, 200L), 16)).hasMessageContaining("got 200 and then 200");
        assertThatThrownBy(() -> nested(10, List.of(), 16)).hasMessageContaining("at least one t_max");
        assertThatThrownBy(() -> new NestedPartitioner(
                        List.of(new AdaptivePartitioner(5, 90, 16), new AdaptivePartitioner(6, 80, 16))))
                .hasMessageContaining("share t_min");
    }

    private static void assertAgrees(List<LatLng> places, String golden) throws IOException {
        Map<Long, List<String>> expected = golden(golden);

        List<Outcome> outcomes = nested(10, GOLDEN_T_MAX, 16).partitions(places);

        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i).partition().cells())
                    .extracting(cell -> cell.token() + "," + cell.photos())
                    .isEqualTo(expected.get(GOLDEN_T_MAX.get(i)));
        }
    }

    private static Map<Long, List<String>> golden(String resource) throws IOException {
        InputStream in = Objects.requireNonNull(NestedPartitionerTest.class.getResourceAsStream(resource));
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return rows.lines()
                    .skip(1)
                    .collect(groupingBy(
                            row -> Long.valueOf(row.substring(0, row.indexOf(','))),
                            mapping(row -> row.substring(row.indexOf(',') + 1), toList())));
        }
    }

    private static NestedPartitioner nested(long tMin, List<Long> tMax, int maxLevel) {
        return new NestedPartitioner(tMax.stream()
                .map(most -> new AdaptivePartitioner(tMin, most, maxLevel))
                .toList());
    }

    /** Returns the places of nested_cells.py, by the same arithmetic. */
    private static List<LatLng> scattered() {
        Numbers numbers = new Numbers();
        List<long[]> crowds = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            long north = numbers.below(1_700_000_000L) - 850_000_000L;
            crowds.add(new long[] {north, numbers.below(3_600_000_001L) - 1_800_000_000L});
        }
        List<LatLng> places = new ArrayList<>();
        for (int number = 0; number < 20_000; number++) {
            long north;
            long east;
            if (number % 4 == 0) {
                north = numbers.below(1_800_000_001L) - 900_000_000L;
                east = numbers.below(3_600_000_001L) - 1_800_000_000L;
            } else {
                long[] crowd = crowds.get((int) numbers.below(1 + numbers.below(64)));
                north = crowd[0] + numbers.below(10_000_000);
                east = (crowd[1] + numbers.below(10_000_000) + 1_800_000_000L) % 3_600_000_000L - 1_800_000_000L;
            }
            places.add(new LatLng(north / 1e7, east / 1e7));
        }
        return places;
    }

    private static final class Numbers {
        private long state = 1;

        long below(long limit) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return (state >>> 31) % limit;
        }
    }

    /** One to four rules whose limits have an effect on a few hundred places. */
    static final class Rules implements ArbitrarySupplier<NestedPartitioner> {
        @Override
        public Arbitrary<NestedPartitioner> get() {
            return Combinators.combine(
                            Arbitraries.longs().between(1, 10),
                            Arbitraries.longs()
                                    .between(0, 40)
                                    .set()
                                    .ofMinSize(1)
                                    .ofMaxSize(4),
                            Arbitraries.integers().between(0, 30))
                    .as((tMin, more, maxLevel) -> nested(
                            tMin,
                            more.stream()
                                    .map(above -> tMin + above)
                                    .sorted((one, other) -> Long.compare(other, one))
                                    .toList(),
                            maxLevel));
        }
    }
}
