package io.planisphere.jobs;

import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the jobs with the built-in models over the sample photos, one after the other in one process: each is printed as it would be
 * typed, and then what it prints itself. At the end comes a table of what was found in the photos from the ground.
 *
 * <p><b>Input:</b> the folder {@code src/samples} of the repository.
 *
 * <p><b>Output:</b> folders of rows {@code places, labels, objects, faces}, the folder {@code scores}, and one HTML page per folder
 * of rows.
 *
 * <p><b>Example:</b> {@code jobs/quickstart.sh}
 *
 * <p><b>Resume:</b> run the same command again. The second time nothing is new.
 */
@Command(
        name = "quickstart",
        description = "Run the jobs with the built-in models over the sample photos.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class QuickStart implements Callable<Integer> {
    @Option(
            names = "--samples",
            paramLabel = "DIR",
            description = "Folder with the sample photos. Default: ${DEFAULT-VALUE}.",
            defaultValue = "src/samples")
    private Path samples = Path.of("");

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder to write to. Default: ${DEFAULT-VALUE}.",
            defaultValue = "target/quickstart")
    private Path output = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Exit code of the last job. */
    private int code;

    @Override
    public Integer call() throws IOException {
        Path earth = samples.resolve("earth");
        Path ground = samples.resolve("photos");
        if (!Files.isDirectory(earth) || !Files.isDirectory(ground)) {
            throw new UserError("No folders earth and photos are in " + samples
                    + "; start in the root of the repository, or say where its src/samples is with --samples");
        }
        String truth = "exif:" + earth;
        boolean done = isDone(
                        "Where were these taken?",
                        new Locate(),
                        "--input",
                        earth,
                        "--output",
                        at("places"),
                        "--preview",
                        "8")
                && isDone(
                        "How good are these predictions?",
                        new Evaluate(),
                        "--predictions",
                        at("places"),
                        "--truth",
                        truth,
                        "--output",
                        at("scores"))
                && isDone("What do these show?", new Classify(), "--input", ground, "--output", at("labels"))
                && isDone("Which objects are in them?", new Detect(), "--input", ground, "--output", at("objects"))
                && isDone("Which faces?", new Faces(), "--input", ground, "--output", at("faces"))
                && page("places", "--truth", truth)
                && page("labels")
                && page("objects")
                && page("faces");
        if (!done) {
            return code;
        }
        print(Sparks.photoSession("planisphere quickstart"));
        return 0;
    }

    private Path at(String name) {
        return output.resolve(name);
    }

    /** Writes a page, unless an earlier quick start has. */
    private boolean page(String rows, Object... more) {
        Path page = at(rows + ".html");
        List<Object> options = new ArrayList<>(List.of("--run", at(rows), "--output", page));
        options.addAll(List.of(more));
        return Files.exists(page) || isDone("A page on these rows:", new Report(), options.toArray());
    }

    /** Runs a job; returns whether its exit code is 0. */
    private boolean isDone(String question, Callable<Integer> job, Object... options) {
        String[] words = Stream.of(options).map(Object::toString).toArray(String[]::new);
        CommandLine here = spec.commandLine();
        CommandLine line = new CommandLine(job)
                .setOut(here.getOut())
                .setErr(here.getErr())
                .setParameterExceptionHandler(here.getParameterExceptionHandler())
                .setExecutionExceptionHandler(here.getExecutionExceptionHandler())
                .setCaseInsensitiveEnumValuesAllowed(true);
        here.getOut().printf("%n%s%n$ jobs/%s.sh %s%n", question, line.getCommandName(), String.join(" ", words));
        here.getOut().flush();
        code = line.execute(words);
        return code == 0;
    }

    private void print(SparkSession spark) throws IOException {
        Dataset<Row> labels = rows(spark, "labels", "labels[0].label", "labels[0].score");
        Dataset<Row> objects = rows(spark, "objects", "transform(objects, o -> o.label)");
        Dataset<Row> faces = rows(spark, "faces", "size(faces)");
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%n%-14s %-36s %5s  %s%n", "photo", "most probable label", "faces", "objects");
        for (Row row :
                labels.join(objects, "id").join(faces, "id").orderBy("id").collectAsList()) {
            out.printf(
                    Locale.ROOT,
                    "%-14s %-29s %4.0f %% %5d  %s%n",
                    row.getString(0),
                    row.getString(1),
                    100 * row.getFloat(2),
                    row.getInt(4),
                    counted(row.getList(3)));
        }
        out.printf("%nRows, plain Parquet, one per photo: %s/{places,labels,objects,faces}%n", output);
        out.printf("Pages, for a browser: %s/*.html%n", output);
        out.flush();
    }

    private Dataset<Row> rows(SparkSession spark, String name, String... columns) throws IOException {
        List<String> all = new ArrayList<>(List.of("id"));
        all.addAll(List.of(columns));
        return CommittedRows.read(spark, "Output", at(name).toString())
                .where("status = 'ok'")
                .selectExpr(all.toArray(String[]::new));
    }

    /** Returns labels with their number where it is not one, in order of appearance: {@code person, 2 cup}. */
    private static String counted(List<String> labels) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        labels.forEach(label -> counts.merge(label, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> (entry.getValue() == 1 ? "" : entry.getValue() + " x ") + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
