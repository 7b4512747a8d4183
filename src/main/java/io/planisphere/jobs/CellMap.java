package io.planisphere.jobs;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Cell;
import io.planisphere.geo.CellFeatures;
import io.planisphere.geo.Partition;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.evaluate.PredictedCells;
import io.planisphere.spark.evaluate.PredictedCells.Candidate;
import io.planisphere.spark.evaluate.PredictedCells.Count;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.run.Sparks;
import io.planisphere.vision.GeolocationModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Writes S2 cells as GeoJSON for GIS tools.
 *
 * <p><b>Input:</b> the cells of a geolocator (a cell list or a model package), or the rows of a {@code locate} run: the cells
 * that it placed photos in, or the most probable cells of one photo.
 *
 * <p><b>Output:</b> one GeoJSON file (RFC 7946): a polygon per cell, with {@code token} and other properties.
 *
 * <p><b>Example:</b> {@code jobs/map.sh --run target/located --output target/located.geojson}
 *
 * <p><b>Resume:</b> none; the file is written atomically at the end.
 */
@Command(
        name = "map",
        description = "Write a partition, a run, or the prediction of one photo as GeoJSON.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class CellMap implements Callable<Integer> {
    /** The options for the cells to draw. */
    static final class Source {
        @Option(
                names = "--cells",
                paramLabel = "FILE",
                description = "Cells of a geolocator: a cell list, FILE.csv, or a model package.")
        private Optional<String> cells = Optional.empty();

        @Option(names = "--run", paramLabel = "DIR", description = "Output of a locate run.")
        private Optional<String> run = Optional.empty();
    }

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--photo",
            paramLabel = "NAME",
            description = "With --run: write only the cells of this photo, given by its id or URI.")
    private Optional<String> photo = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "GeoJSON file to write.")
    private String output = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A cell and the properties of its feature. */
    private record Feature(S2CellId id, Map<String, Object> properties) {}

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Sparks.session("planisphere map");
        return Lineage.of(spark, "map", spec.commandLine().getErr())
                .reads(source.run.stream().toList())
                .reads(source.cells.stream().toList())
                .writes(output)
                .run(() -> draw(spark));
    }

    private int draw(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        WholeFile file = new WholeFile(output, hadoop);
        Problems problems = new Problems();
        if (file.exists()) {
            problems.add("Cannot write a map to " + output + ": it exists; remove it or choose another --output");
        }
        if (photo.isPresent() && source.run.isEmpty()) {
            problems.add("--photo names a row of a run; give --run instead of --cells");
        }
        problems.refuse();

        Optional<List<Feature>> features = problems.attempt(
                () -> source.cells.isPresent() ? cells(source.cells.get(), hadoop) : run(spark, source.run.orElse("")));
        problems.refuse();
        file.write(out -> {
            try (CellFeatures map = new CellFeatures(photo.orElse("cells"), out)) {
                for (Feature feature : features.orElseThrow()) {
                    map.write(feature.id, feature.properties);
                }
            }
        });
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d cells drawn%nWrote %s%n",
                features.orElseThrow().size(),
                output);
        out.flush();
        return 0;
    }

    private static List<Feature> cells(String from, Configuration hadoop) throws IOException {
        List<Cell> cells = (from.toLowerCase(Locale.ROOT).endsWith(".csv")
                        ? list(from, hadoop)
                        : new GeolocationModel(ModelPackage.open(from, hadoop))
                                .hierarchy()
                                .finest())
                .cells();
        long most = cells.stream().mapToLong(Cell::photos).max().orElse(1);
        return cells.stream()
                .map(cell -> {
                    Map<String, Object> properties = named(cell.id());
                    properties.put("label", cell.label());
                    properties.put("photos", cell.photos());
                    place(properties, cell.mean().latitude(), cell.mean().longitude());
                    return shaded(cell.id(), properties, logarithmic(cell.photos(), most));
                })
                .toList();
    }

    private static Partition list(String file, Configuration hadoop) throws IOException {
        try (Reader reader =
                new InputStreamReader(GivenPath.of("--cells", file, hadoop).open(), StandardCharsets.UTF_8)) {
            return Partition.read(file, reader);
        } catch (FileNotFoundException e) {
            throw new UserError("Cannot read cells from " + file + ": there is no such file");
        }
    }

    private List<Feature> run(SparkSession spark, String run) throws IOException {
        PredictedCells predicted = PredictedCells.open(spark, run);
        return photo.isPresent() ? heat(predicted.of(photo.get())) : counted(predicted);
    }

    private List<Feature> counted(PredictedCells predicted) {
        List<Count> counts = predicted.counts();
        long placed = counts.stream().mapToLong(Count::photos).sum();
        spec.commandLine()
                .getOut()
                .printf(Locale.ROOT, "%,d photos, %,d of them in a cell%n", predicted.photos(), placed);
        long most = counts.isEmpty() ? 1 : counts.get(0).photos();
        return counts.stream()
                .map(count -> {
                    Map<String, Object> properties = named(count.id());
                    properties.put("photos", count.photos());
                    properties.put("share", count.photos() / (double) placed);
                    properties.put("confidence", count.meanConfidence());
                    return shaded(count.id(), properties, logarithmic(count.photos(), most));
                })
                .toList();
    }

    private static List<Feature> heat(List<Candidate> candidates) {
        double most =
                candidates.stream().mapToDouble(Candidate::probability).max().orElse(1);
        return candidates.stream()
                .map(candidate -> {
                    Map<String, Object> properties = named(candidate.id());
                    properties.put("probability", candidate.probability());
                    place(properties, candidate.latitude(), candidate.longitude());
                    return shaded(candidate.id(), properties, candidate.probability() / most);
                })
                .toList();
    }

    private static Map<String, Object> named(S2CellId id) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("token", id.toToken());
        properties.put("level", id.level());
        return properties;
    }

    private static void place(Map<String, Object> properties, double latitude, double longitude) {
        properties.put("latitude", latitude);
        properties.put("longitude", longitude);
    }

    private static double logarithmic(long photos, long most) {
        return Math.log1p((double) photos) / Math.log1p((double) Math.max(1, most));
    }

    /** Adds {@code fill-opacity}, the simplestyle property that viewers without style settings of their own support. */
    private static Feature shaded(S2CellId id, Map<String, Object> properties, double share) {
        properties.put("fill-opacity", Math.rint(100 * (0.05 + 0.85 * share)) / 100);
        return new Feature(id, properties);
    }
}
