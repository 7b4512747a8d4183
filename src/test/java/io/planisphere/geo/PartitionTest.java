package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.geometry.S2CellId;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {
    private static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n";

    @Test
    void readsTheCellListInAnyOrderOfRows() throws IOException {
        Partition partition = read("1,48760533,70,51.51,-0.15\n0,8644b594,5000,30.2835162512,-97.7271641272\n");

        assertThat(partition.cells())
                .containsExactly(
                        new Cell(0, S2CellId.fromToken("8644b594"), 5000, new LatLng(30.2835162512, -97.7271641272)),
                        new Cell(1, S2CellId.fromToken("48760533"), 70, new LatLng(51.51, -0.15)));
        assertThat(partition.labelOf(new LatLng(30.2835162512, -97.7271641272))).isEqualTo(OptionalInt.of(0));
        assertThat(partition.labelOf(new LatLng(51.512431, -0.155698))).isEqualTo(OptionalInt.of(1));
        assertThat(partition.labelOf(new LatLng(0, 0))).isEmpty();
    }

    @Test
    void tokensThatLookLikeNumbersAreReadAsText() throws IOException {
        assertThat(read("0,5485,1,49,-123\n").cells()).extracting(Cell::token).containsExactly("5485");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,47e6,1,0,0                 | line 2: hex_id \"47e6\" is no S2 cell | as text",
                "0,X,1,0,0                    | line 2: hex_id \"X\" is no S2 cell | as text",
                "0,,1,0,0                     | line 2: hex_id \"\" is no S2 cell | as text",
                "0,4.7E+07,1,0,0              | line 2: hex_id \"4.7E+07\" is no S2 cell | as text",
                "0,5,1,0,0;0,7,1,0,0          | line 3: label 0 stands in line 2 too | its own label",
                "0,5,1,0,0;2,7,1,0,0          | line 3: label 2 is out of range for 2 cells | 0 to 1",
                "0,5,1,0,0;1,51,1,0,0         | line 3: cell 51 overlaps cell 5 of line 2 | keep one",
                "0,b1,1,0,0;1,b,1,0,0         | line 3: cell b overlaps cell b1 of line 2 | keep one",
                "0,5,1,0,0;1,5,1,0,0          | line 3: cell 5 overlaps cell 5 of line 2 | keep one",
                "-1,5,1,0,0                   | line 2: class_label is \"-1\" | whole number",
                "zero,5,1,0,0                 | line 2: class_label is \"zero\" | whole number",
                "0,5,1.5,0,0                  | line 2: imgs_per_cell is \"1.5\" | whole number",
                "0,5,1,91,0                   | line 2: the mean place is \"91\", \"0\" | [-90, 90]",
                "0,5,1,0,                     | line 2: the mean place is \"0\", \"\" | [-90, 90]",
                "0,5,1,NaN,0                  | line 2: the mean place is \"NaN\", \"0\" | [-90, 90]",
                "0,5,1,0                      | line 2: 4 values instead of 5 | class_label,hex_id",
            })
    void rejectsAnInvalidListWithFileLineValueAndRemedy(String rows, String what, String mend) {
        assertThatThrownBy(() -> read(rows.strip().replace(";", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot read cells from cells.csv: " + what)
                .hasMessageContaining(mend);
    }

    @Test
    void rejectsAListWithoutCellsOrHeader() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("the list has no cells");
        assertThatThrownBy(() -> Partition.read("cells.csv", new StringReader("0,5,1,0,0\n")))
                .hasMessageContaining("line 1: the header is \"0,5,1,0,0\"")
                .hasMessageContaining("class_label,hex_id");
    }

    @Test
    void rejectsCellsThatOverlapOrLabelsWithGaps() {
        LatLng somewhere = new LatLng(0, 0);
        Cell face = new Cell(0, S2CellId.fromToken("5"), 1, somewhere);
        Cell child = new Cell(1, S2CellId.fromToken("51"), 1, somewhere);
        Cell elsewhere = new Cell(2, S2CellId.fromToken("7"), 1, somewhere);

        assertThatThrownBy(() -> new Partition(List.of(face, child)))
                .hasMessageContaining("5 (label 0)")
                .hasMessageContaining("51 (label 1)");
        assertThatThrownBy(() -> new Partition(List.of(face, elsewhere))).hasMessageContaining("1 is missing");
        assertThatThrownBy(() -> new Partition(List.of(face, face))).hasMessageContaining("0 stands twice");
    }

    @Property(tries = 100)
    void aWrittenPartitionIsReadBackEqual(
            @ForAll(supplier = AdaptivePartitionerTest.Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.class) LatLng somewhere,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places)
            throws IOException {
        Partition partition = rule.partition(places).partition();
        StringBuilder csv = new StringBuilder();
        partition.write(csv);

        if (!partition.cells().isEmpty()) {
            Partition again = Partition.read("cells.csv", new StringReader(csv.toString()));
            assertThat(again).isEqualTo(partition);
            assertThat(again.labelOf(somewhere)).isEqualTo(partition.labelOf(somewhere));
        }
    }

    @Property
    void theLabelIsThatOfTheCellThatContainsThePlace(
            @ForAll(supplier = AdaptivePartitionerTest.Rules.class) AdaptivePartitioner rule,
            @ForAll(supplier = Places.Lists.class) List<LatLng> places,
            @ForAll(supplier = Places.class) LatLng somewhere) {
        Partition partition = rule.partition(places).partition();

        assertThat(partition.labelOf(somewhere))
                .isEqualTo(partition.cells().stream()
                        .filter(cell -> cell.id().contains(somewhere.leaf()))
                        .mapToInt(Cell::label)
                        .findAny());
    }

    private static Partition read(String rows) throws IOException {
        return Partition.read("cells.csv", new StringReader(HEADER + rows));
    }
}
