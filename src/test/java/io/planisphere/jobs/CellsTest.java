package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.AdaptivePartitioner.Outcome;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CellsTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static Path folder;
    private static List<LatLng> places;

    private final StringWriter printed = new StringWriter();

    @BeforeAll
    static void writePlaces(@TempDir Path temporary) throws IOException {
        folder = temporary;
        places = cities();
        Files.writeString(folder.resolve("places.csv"), csv("LAT,Photo,lon", places, "%s,x,%s"));
    }

    @Test
    void matchesTheInMemoryPartitionByPlaNetsRule() throws IOException {
        Path cells = folder.resolve("cells.csv");

        run("--input", folder.resolve("places.csv"), "--output", cells, "--t-min", 5, "--t-max", 100, "--max-level", 9);

        Outcome expected = new AdaptivePartitioner(5, 100, 9).partition(places);
        assertThat(expected.droppedCells()).isPositive();
        assertThat(expected.partition().cells())
                .anySatisfy(cell -> assertThat(cell.photos()).isGreaterThan(100));
        assertThat(read(cells)).isEqualTo(expected.partition());
        assertThat(printed.toString())
                .contains(String.format(Locale.ROOT, "%,d places read", places.size()))
                .contains(String.format(
                        Locale.ROOT,
                        "%,d dropped with %,d cells of fewer than 5",
                        expected.droppedPlaces(),
                        expected.droppedCells()))
                .contains(String.format(
                        Locale.ROOT,
                        "%,d kept in %,d cells",
                        expected.keptPlaces(),
                        expected.partition().cells().size()))
                .contains("Wrote " + cells);
    }

    @Test
    void outputIsByteIdenticalUnderAnyOrderAndPartitioning() throws IOException {
        List<LatLng> shuffled = new ArrayList<>(places);
        Collections.shuffle(shuffled, new Random(3));
        Path parquet = folder.resolve("spread.parquet");
        Files.writeString(folder.resolve("shuffled.csv"), csv("latitude,longitude", shuffled, "%s,%s"));
        SPARK.read()
                .option("header", true)
                .csv(folder.resolve("shuffled.csv").toString())
                .repartition(7)
                .write()
                .parquet(parquet.toString());
        Path one = folder.resolve("one.csv");
        Path other = folder.resolve("other.csv");

        run("--input", folder.resolve("places.csv"), "--output", one, "--t-min", 5, "--t-max", 100, "--max-level", 10);
        run("--input", parquet, "--output", other, "--t-min", 5, "--t-max", 100, "--max-level", 10);

        assertThat(other).hasSameBinaryContentAs(one);
    }

    @Test
    void severalTMaxValuesGiveNestedPartitionsInAFolder() throws IOException {
        Path nested = folder.resolve("nested");

        run("--input", folder.resolve("places.csv"), "--output", nested, "--t-min", 5, "--t-max", "1000,200,50");

        assertThat(names(nested)).containsExactly("cells_5_1000.csv", "cells_5_200.csv", "cells_5_50.csv");
        for (long most : new long[] {1000, 200, 50}) {
            Partition partition = read(nested.resolve("cells_5_" + most + ".csv"));
            assertThat(partition)
                    .isEqualTo(new AdaptivePartitioner(5, most, 16)
                            .partition(places)
                            .partition());
            assertThat(printed.toString())
                    .contains(String.format(Locale.ROOT, "At most %,d places per cell", most))
                    .contains(String.format(
                            Locale.ROOT, "kept in %,d cells", partition.cells().size()));
        }
        assertThat(names(folder)).noneMatch(name -> name.contains("unfinished"));
    }

    @Test
    void aSingleTMaxCanBeWrittenToAFolder() throws IOException {
        Path single = folder.resolve("single");

        run("--input", folder.resolve("places.csv"), "--output", single, "--t-min", 5, "--t-max", 100);

        assertThat(names(single)).containsExactly("cells_5_100.csv");
    }

    @Test
    void leftoversOfACrashedRunAreRemoved() throws IOException {
        Path rest = Files.createDirectories(folder.resolve("again._unfinished"));
        Files.writeString(rest.resolve("cells_5_9999.csv"), "half\n");
        Path again = folder.resolve("again");

        run("--input", folder.resolve("places.csv"), "--output", again, "--t-min", 5, "--t-max", "200,100");

        assertThat(names(again)).containsExactly("cells_5_100.csv", "cells_5_200.csv");
        assertThat(rest).doesNotExist();
    }

    @Test
    void invalidTMaxValuesAndOutputsAreRejectedBeforeAnyWork() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Object places = folder.resolve("places.csv");

        assertThatThrownBy(() -> run("--input", places, "--output", there, "--t-max", "200,1000"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there: it exists; remove it")
                .hasMessageContaining("t_max must fall from coarse to fine, got 200 and then 1000");
        assertThatThrownBy(() -> run("--input", places, "--output", folder.resolve("x.csv"), "--t-max", "200,100"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot write 2 cell lists to " + folder.resolve("x.csv"))
                .hasMessageContaining("give --output a folder, or --t-max one value");
    }

    @Test
    void aNestedRunWithoutFineCellsNamesTheTMaxAndWritesNothing() throws IOException {
        Path sparse = Files.writeString(folder.resolve("sparse.csv"), "lat,lon\n10,10\n-10,-10\n10,-10\n");
        Path none = folder.resolve("no-cells");

        assertThatThrownBy(() -> run("--input", sparse, "--output", none, "--t-min", 2, "--t-max", "4,2"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("No cell of t_max 2 holds 2 of the 3 places");
        assertThat(none).doesNotExist();
    }

    @Test
    void tablesWithDifferentHeadingsAreMerged() throws IOException {
        Files.writeString(folder.resolve("a.tsv"), "photo.id\tLatitude\tLongitude\n1\t51.5\t-0.12\n2\t51.5\t-0.12\n");
        Files.writeString(folder.resolve("b.csv"), "lng,lat\n-0.12,51.5\n");
        Path cells = folder.resolve("both.csv");

        run("--input", folder.resolve("a.tsv"), "--input", folder.resolve("b.csv"), "--output", cells, "--t-min", 1);

        assertThat(read(cells).cells()).singleElement().satisfies(cell -> {
            assertThat(cell.photos()).isEqualTo(3);
            assertThat(cell.mean()).isEqualTo(new LatLng(51.5, -0.12));
        });
    }

    @Test
    void yfccMetadataIsAnInputTable() throws IOException {
        String line = "0\t6985418911\t4e2f7a26a1dfbf165a7e30bdabf7e72a\t1@N00\tnick\t2012-02-16 09:56:37.0\t1331840483"
                + "\tcamera\ttitle\t\t\t\t%s\t%s\t16\thttp://www.flickr.com/photos/1@N00/6985418911/"
                + "\thttp://farm8.staticflickr.com/7205/6985418911_df7747990d.jpg\tlicence\thttp://licence"
                + "\t7205\t8\tdf7747990d\t692d7e0a7f\tjpg\t%d\n";
        Files.writeString(
                folder.resolve("yfcc100m_dataset"),
                String.format(Locale.ROOT, line, "-0.12", "51.5", 0)
                        + String.format(Locale.ROOT, line, "-0.12", "51.5", 1)
                        + String.format(Locale.ROOT, line, "", "", 0)
                        + String.format(Locale.ROOT, line, "-0.12", "91", 0));
        Path cells = folder.resolve("yfcc-cells.csv");

        run("--input", "yfcc100m:" + folder.resolve("yfcc100m_dataset"), "--output", cells, "--t-min", 1);

        assertThat(read(cells).cells()).singleElement().satisfies(cell -> {
            assertThat(cell.photos()).isEqualTo(1);
            assertThat(cell.mean()).isEqualTo(new LatLng(51.5, -0.12));
        });
        assertThat(printed.toString()).contains("3 places read").contains("2 without possible coordinates");
    }

    @Test
    void invalidAndMissingCoordinatesAreCountedAndSkipped() throws IOException {
        Files.writeString(
                folder.resolve("odd.csv"),
                "latitude,longitude\n51.5,-0.12\n91,0\n0,200\nNaN,0\n,\n47\u00b0N,8\u00b0E\n-91,\n51.5,-0.12\n");
        Path cells = folder.resolve("odd-cells.csv");

        run("--input", folder.resolve("odd.csv"), "--output", cells, "--t-min", 1);

        assertThat(read(cells).cells())
                .singleElement()
                .satisfies(cell -> assertThat(cell.photos()).isEqualTo(2));
        assertThat(printed.toString()).contains("8 places read").contains("6 without possible coordinates");
    }

    @Test
    void allMistakesAreReportedTogetherBeforeAnyWork() throws IOException {
        Files.writeString(folder.resolve("named.csv"), "breite,laenge\n1,2\n");
        Path there = Files.writeString(folder.resolve("there.csv"), "mine\n");

        assertThatThrownBy(() -> run(
                        "--input",
                        folder.resolve("named.csv"),
                        "--input",
                        folder.resolve("nowhere.csv"),
                        "--input",
                        Files.writeString(folder.resolve("places.dat"), "1 2"),
                        "--output",
                        there,
                        "--t-min",
                        60,
                        "--t-max",
                        50))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no column latitude or lat among breite, laenge; name it with --latitude-column")
                .hasMessageContaining("nowhere.csv: there is no such file")
                .hasMessageContaining("Cannot tell what kind of table")
                .hasMessageContaining("there.csv: it exists")
                .hasMessageContaining("1 <= t_min <= t_max, got 60 and 50");
        assertThat(there).hasContent("mine");
    }

    @Test
    void aRunThatKeepsNoCellFailsAndWritesNothing() {
        Path cells = folder.resolve("none.csv");

        assertThatThrownBy(() -> run(
                        "--input",
                        folder.resolve("places.csv"),
                        "--output",
                        cells,
                        "--t-min",
                        1_000_000,
                        "--t-max",
                        1_000_000))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("No cell of t_max 1000000 holds 1000000 of the " + places.size() + " places")
                .hasMessageContaining("lower --t-min");
        assertThat(cells).doesNotExist();
    }

    @Test
    void leavesNoFilesBesidesTheCellList() throws IOException {
        Path out = Files.createDirectory(folder.resolve("alone"));

        run("--input", folder.resolve("places.csv"), "--output", out.resolve("cells.csv"));

        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).containsExactly(out.resolve("cells.csv"));
        }
    }

    private void run(Object... arguments) throws IOException {
        Cells cells = new Cells();
        new CommandLine(cells)
                .setOut(new PrintWriter(printed))
                .parseArgs(Stream.of(arguments).map(Object::toString).toArray(String[]::new));

        assertThat(cells.call()).isZero();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Clusters of all sizes around 40 places, on every face, at the date line and at a pole, and one place 300 times. */
    private static List<LatLng> cities() {
        Random random = new Random(11);
        List<LatLng> places = new ArrayList<>(Collections.nCopies(300, new LatLng(48.8584, 2.2945)));
        for (int city = 0; city < 40; city++) {
            double latitude = city == 0 ? 89.9 : random.nextDouble(-85, 85);
            double longitude = city == 1 ? 179.99 : random.nextDouble(-179, 179);
            int photos = 1 << random.nextInt(11);
            for (int i = 0; i < photos; i++) {
                LatLng.of(latitude + random.nextGaussian() * 0.3, longitude + random.nextGaussian() * 0.3)
                        .ifPresent(places::add);
            }
        }
        return places;
    }

    private static String csv(String header, List<LatLng> places, String row) {
        StringBuilder table = new StringBuilder(header).append('\n');
        places.forEach(place -> table.append(String.format(Locale.ROOT, row, place.latitude(), place.longitude()))
                .append('\n'));
        return table.toString();
    }

    private static Partition read(Path cells) throws IOException {
        try (Reader reader = Files.newBufferedReader(cells)) {
            return Partition.read(cells.toString(), reader);
        }
    }
}
