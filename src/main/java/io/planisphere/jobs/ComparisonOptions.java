package io.planisphere.jobs;

import io.planisphere.eval.Agreement;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.report.ComparisonReport;
import io.planisphere.report.TradeOffPlot;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInputs;
import io.planisphere.source.PhotoStream;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.vision.Scorer;
import io.planisphere.vision.TopPredictions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Options for comparing networks: photos and plot. */
final class ComparisonOptions {
    private static final int TOP = 5;
    private static final int PHOTOS_PER_CALL = 4;

    @Option(
            names = "--compare",
            description = "Compare the networks with the first one: cost, latency and, with --input, agreement.")
    private boolean compares;

    @Option(
            names = "--input",
            paramLabel = "URI",
            description = "With --compare: photos in a folder or in shards. Repeatable.")
    private List<String> inputs = List.of();

    @Option(
            names = "--max-photos",
            paramLabel = "N",
            description = "Maximum photos to compare on. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int maxPhotos;

    @Option(
            names = "--plot",
            paramLabel = "FILE.png",
            description = "With --input: picture to write, agreement against cost.")
    private Optional<String> plot = Optional.empty();

    boolean isAsked() {
        return compares;
    }

    /** Checks the values and adds errors to {@code problems}. */
    void check(Problems problems, List<String> names) {
        PhotoOptions.atLeastOne(problems, "--max-photos", maxPhotos);
        if (compares && names.size() < 2) {
            problems.add("--compare takes two networks or more, got " + String.join("", names));
        }
        if (!compares && !inputs.isEmpty()) {
            problems.add("--input goes with --compare only");
        }
        if (plot.isPresent() && inputs.isEmpty()) {
            problems.add("--plot shows agreement; give photos to agree about with --input");
        }
    }

    /** Returns a description of the photos; empty if there are none. */
    String photos() {
        return String.join(", ", inputs);
    }

    /** Returns the path of the plot, if one was written. */
    Optional<String> plotted() {
        return plot;
    }

    void plot(ComparisonReport report, Configuration hadoop) throws IOException {
        if (plot.isPresent()) {
            new WholeFile(plot.get(), hadoop).write(TradeOffPlot.png(report));
        }
    }

    /** Returns the agreement of every network with the first one; empty if there are no photos. */
    List<Agreement> agreements(List<DescribedModel> models, Configuration hadoop) throws IOException {
        if (inputs.isEmpty()) {
            return List.of();
        }
        List<ModelPackage> packages = new ArrayList<>();
        for (DescribedModel model : models) {
            packages.add(model.files()
                    .orElseThrow(() -> new UserError(model.name()
                            + " is no model package, so nobody knows how it takes photos; make it one, or leave out "
                            + "--input")));
        }
        List<PhotoInput> photos =
                new PhotoInputs(hadoop, InputFormat.AUTO, Optional.empty(), Optional.empty()).of(inputs);
        TopPredictions reference = TopPredictions.of(packages.get(0), TOP);
        List<List<String>> ofReference = predictions(reference, packages.get(0), photos, hadoop);
        List<Agreement> agreements = new ArrayList<>(List.of(agreement(ofReference, ofReference)));
        for (ModelPackage other : packages.subList(1, packages.size())) {
            TopPredictions top = TopPredictions.of(other, TOP);
            if (!top.shareAnyWith(reference)) {
                throw new UserError(
                        "%s and %s have no prediction in common, so they cannot agree; compare networks with the same labels or cells"
                                .formatted(packages.get(0).location(), other.location()));
            }
            agreements.add(agreement(ofReference, predictions(top, other, photos, hadoop)));
        }
        return agreements;
    }

    private Agreement agreement(List<List<String>> reference, List<List<String>> other) {
        try {
            return Agreement.of(reference, other);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "None of the %d photos in %s has a prediction from both networks; run the job classify over them for the reasons",
                    reference.size(),
                    photos()));
        }
    }

    /** Returns the top predictions for each photo; empty for a photo whose status is not ok. */
    private List<List<String>> predictions(
            TopPredictions top, ModelPackage model, List<PhotoInput> photos, Configuration hadoop) throws IOException {
        ImageLimits limits = ImageLimits.DEFAULT;
        List<List<String>> all = new ArrayList<>();
        try (PhotoStream stream = new PhotoStream(photos, limits.maxBytes(), hadoop);
                Session session = Session.open(model, Runtime.getRuntime().availableProcessors());
                Scorer scorer =
                        new Scorer(first(stream), session, model, top.inferenceSpec(), limits, PHOTOS_PER_CALL)) {
            scorer.forEachRemaining(photo -> all.add(photo.views().isEmpty() ? List.of() : top.names(photo.views())));
        }
        return all;
    }

    private Iterator<EncodedImage> first(Iterator<EncodedImage> photos) {
        return new Iterator<>() {
            private int taken;

            @Override
            public boolean hasNext() {
                return taken < maxPhotos && photos.hasNext();
            }

            @Override
            public EncodedImage next() {
                taken++;
                return photos.next();
            }
        };
    }
}
