package io.planisphere.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.planisphere.report.ComparisonReport;
import io.planisphere.report.CostReport;
import io.planisphere.report.CostReport.Measured;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Describes the cost of networks: multiply-adds, parameters and activation memory by type of layer, and the latency per photo on
 * this machine. With {@code --compare}, measures how often networks agree with the first one on photos.
 *
 * <p><b>Input:</b> model packages, ONNX files, or architectures by name ({@code mobilenet-v1:0.5:160}), which have no weights and
 * therefore no latency.
 *
 * <p><b>Output:</b> tables on the terminal; with {@code --json} the same, plus every single layer unless networks are compared;
 * with {@code --plot} a PNG of agreement against cost.
 *
 * <p><b>Example:</b> {@code jobs/model.sh describe mobilenet-v1:0.5:160 builtin:earth}
 *
 * <p><b>Resume:</b> none; the file is written atomically at the end.
 */
@Command(
        name = "describe",
        description = "Describe what networks cost: multiply-adds, parameters, memory, latency.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ModelDescribe implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "PACKAGE|FILE.onnx|ARCHITECTURE",
            description = "Model package, ONNX file, or architecture such as mobilenet-v1:0.5:160.")
    private List<String> names = List.of();

    @Option(
            names = "--classes",
            paramLabel = "N",
            description = "Number of classes of an architecture. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int classes;

    @Option(
            names = "--resolution",
            paramLabel = "PIXELS",
            description = "Width and height of the input in pixels, for ONNX files that leave it open.")
    private Optional<Integer> resolution = Optional.empty();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Calls whose median is the latency; 0 for none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int repetitions;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the engine for one call. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int threads;

    @Option(names = "--json", paramLabel = "FILE", description = "JSON file to write with all figures, layer by layer.")
    private Optional<String> json = Optional.empty();

    @Mixin
    private ComparisonOptions comparison = new ComparisonOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        PhotoOptions.atLeastOne(problems, "--classes", classes);
        PhotoOptions.atLeastOne(problems, "--threads", threads);
        resolution.ifPresent(side -> PhotoOptions.atLeastOne(problems, "--resolution", side));
        if (repetitions < 0) {
            problems.add("--repetitions must be at least 0, got " + repetitions);
        }
        comparison.check(problems, names);
        problems.refuse();

        Configuration hadoop =
                Sparks.session("planisphere model describe").sparkContext().hadoopConfiguration();
        List<DescribedModel> models = new ArrayList<>();
        for (String name : names) {
            problems.attempt(() -> DescribedModel.of(name, new DescribedModel.Choices(classes, resolution), hadoop))
                    .ifPresent(models::add);
        }
        problems.refuse();
        List<CostReport> reports = reports(models);
        if (comparison.isAsked()) {
            ComparisonReport report =
                    new ComparisonReport(reports, comparison.agreements(models, hadoop), comparison.photos());
            comparison.plot(report, hadoop);
            write(report.text(), report.json(), hadoop);
        } else {
            ArrayNode all = new ObjectMapper().createArrayNode();
            reports.forEach(report -> all.add(report.json()));
            write(reports.stream().map(CostReport::text).collect(Collectors.joining("\n")), all, hadoop);
        }
        return 0;
    }

    private void write(String text, JsonNode content, Configuration hadoop) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        if (json.isPresent()) {
            new WholeFile(json.get(), hadoop).write(file -> file.write(content.toPrettyString() + "\n"));
            out.printf("Wrote %s%n", json.get());
        }
        comparison.plotted().ifPresent(file -> out.printf("Wrote %s%n", file));
        out.flush();
    }

    private List<CostReport> reports(List<DescribedModel> models) {
        List<Optional<Measured>> latencies = ModelTiming.of(models, repetitions, threads);
        List<CostReport> reports = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            DescribedModel model = models.get(i);
            reports.add(
                    new CostReport(model.name(), model.photo(), model.costs(), model.fileBytes(), latencies.get(i)));
        }
        return reports;
    }
}
