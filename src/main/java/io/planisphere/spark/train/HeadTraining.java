package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.geo.Cell;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.model.GalleryFile;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.evaluate.UserList;
import io.planisphere.train.DecodingFit;
import io.planisphere.train.Heads;
import io.planisphere.train.KeptClasses;
import io.planisphere.train.RetrievalFit;
import io.planisphere.train.RetrievalFit.Lookup;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains a head per partition, or one for labels, on embeddings, and scores them on the held-out set.
 *
 * @param minPhotos minimum training photos per class; classes with fewer are dropped with their photos
 * @param excluded users whose photos are left out
 * @param progress writer for a line when a fit begins
 */
public record HeadTraining(
        Split split, long minPhotos, HeadFit fit, Optional<UserList> excluded, PrintWriter progress) {

    /**
     * The result of the training.
     *
     * @param names names of the heads, from coarse to fine
     * @param fitted the fitted heads in the same order
     * @param heads heads for the package
     * @param validation scores on the held-out set; empty if it is empty
     * @param decoding how probabilities become places and radii; empty if the held-out set is, or classes are not places
     * @param retrieval use of the gallery; empty if there is none, or it does not help beyond chance
     * @param gallery the gallery; empty if none was asked for
     */
    public record Outcome(
            PhotoCounts counts,
            List<String> names,
            List<FittedHead> fitted,
            Heads heads,
            Optional<Validation> validation,
            Optional<DecodingFit> decoding,
            Optional<RetrievalFit> retrieval,
            Optional<GalleryFile> gallery) {
        public Outcome {
            names = List.copyOf(names);
            fitted = List.copyOf(fitted);
        }
    }

    /**
     * Trains heads for cells.
     *
     * @param build writer of a gallery; empty for none
     * @throws IllegalArgumentException if fewer than two classes of a head have enough photos
     */
    public Outcome train(EmbeddingRun embeddings, PlaceTruth places, CellLists cells, Optional<GalleryBuild> build)
            throws IOException {
        Dataset<Row> truth = places.rows()
                .select(
                        col("key"),
                        col("user"),
                        col("latitude"),
                        col("longitude"),
                        lit(null).cast(DataTypes.StringType).as("label"));
        List<Partition> partitions = cells.hierarchy().partitions();
        try (Examples examples = examples(embeddings, truth, places.match(), Classes.Cells.of(partitions))) {
            PhotoCounts counts = examples.counts();
            List<FittedHead> fitted = fit(examples, cells.names(), partitions);
            List<Partition> kept = new ArrayList<>();
            List<Heads.CellHead> heads = new ArrayList<>();
            for (int i = 0; i < partitions.size(); i++) {
                kept.add(thinned(partitions.get(i), fitted.get(i).classes()));
                heads.add(new Heads.CellHead(cells.names().get(i), fitted.get(i).head(), Classes.csv(kept.get(i))));
            }
            // A fine cell with enough photos is in coarser cells with at least these photos, so no ancestor is dropped.
            HeldOut.Network network = HeldOut.Network.of(fitted, examples.sizes(), new Hierarchy(kept));
            Optional<Validation> validation = validation(examples, network, counts);
            Optional<GalleryFile> gallery = build.isPresent()
                    ? Optional.of(gallery(build.get(), examples, fitted.get(fitted.size() - 1)))
                    : Optional.empty();
            Optional<List<Lookup>> lookups = validation.map(scores -> HeldOutPlaces.lookups(
                    examples.heldOut(),
                    fitted.stream().map(FittedHead::head).toList(),
                    kept,
                    scores.temperature().orElse(1),
                    gallery));
            Optional<DecodingFit> decoding = lookups.map(
                    photos -> DecodingFit.of(photos.stream().map(Lookup::trial).toList()));
            Optional<RetrievalFit> retrieval = gallery.isEmpty()
                    ? Optional.empty()
                    : lookups.flatMap(photos -> RetrievalFit.of(
                            photos,
                            decoding.orElseThrow().decoding(),
                            build.orElseThrow().backbone()));
            return new Outcome(
                    counts, cells.names(), fitted, new Heads.Cells(heads), validation, decoding, retrieval, gallery);
        }
    }

    /**
     * Trains a head for labels.
     *
     * @param name name of the head, for messages
     * @throws IllegalArgumentException if fewer than two labels have enough photos
     */
    public Outcome train(EmbeddingRun embeddings, LabelTruth labels, String name) {
        Dataset<Row> truth = labels.rows()
                .select(
                        col("key"),
                        col("user"),
                        lit(null).cast(DataTypes.DoubleType).as("latitude"),
                        lit(null).cast(DataTypes.DoubleType).as("longitude"),
                        col("label"));
        List<String> known =
                truth
                        .where("label is not null")
                        .select("label")
                        .distinct()
                        .as(Encoders.STRING())
                        .collectAsList()
                        .stream()
                        .sorted()
                        .toList();
        try (Examples examples = examples(embeddings, truth, labels.match(), new Classes.Labels(known))) {
            PhotoCounts counts = examples.counts();
            List<FittedHead> fitted = fit(examples, List.of(name), List.of());
            FittedHead only = fitted.get(0);
            Heads heads = new Heads.Labels(
                    only.head(),
                    only.classes().labels().stream().map(known::get).toList());
            HeldOut.Network network = HeldOut.Network.of(only, known.size());
            return new Outcome(
                    counts,
                    List.of(name),
                    fitted,
                    heads,
                    validation(examples, network, counts),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private GalleryFile gallery(GalleryBuild build, Examples examples, FittedHead finest) throws IOException {
        int head = examples.sizes().size() - 1;
        progress.println("Writing the gallery");
        return build.write(
                examples.forGallery(head, finest.classes()), finest.classes().photos());
    }

    private Examples examples(EmbeddingRun embeddings, Dataset<Row> truth, PhotoKey match, Classes classes) {
        return Examples.of(embeddings.rows(), truth, match, classes, excluded, split);
    }

    /** @param partitions partition of each head; empty for labels */
    private List<FittedHead> fit(Examples examples, List<String> names, List<Partition> partitions) {
        // check all heads before fitting the first, which may take hours
        List<KeptClasses> kept = new ArrayList<>();
        for (int head = 0; head < names.size(); head++) {
            KeptClasses classes = KeptClasses.of(examples.trainingPhotos(head), minPhotos);
            if (classes.size() < 2) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Only %d of the %,d classes of %s have %d training photos or more, and a head needs two; lower --min-photos, or embed more photos",
                        classes.size(),
                        classes.size() + classes.droppedClasses(),
                        names.get(head),
                        minPhotos));
            }
            kept.add(classes);
        }
        List<FittedHead> fitted = new ArrayList<>();
        for (int head = 0; head < names.size(); head++) {
            progress.printf(
                    Locale.ROOT,
                    "Fitting %s: %,d classes%n",
                    names.get(head),
                    kept.get(head).size());
            List<LatLng> means = partitions.isEmpty() ? List.of() : means(partitions.get(head), kept.get(head));
            fitted.add(fit.fit(examples, head, kept.get(head), means));
        }
        return fitted;
    }

    private static List<LatLng> means(Partition partition, KeptClasses kept) {
        return kept.labels().stream()
                .map(label -> partition.cells().get(label).mean())
                .toList();
    }

    private static Optional<Validation> validation(Examples examples, HeldOut.Network network, PhotoCounts counts) {
        return counts.validation() == 0 ? Optional.empty() : Optional.of(Validation.of(examples.heldOut(), network));
    }

    private static Partition thinned(Partition partition, KeptClasses classes) {
        List<Cell> cells = new ArrayList<>();
        for (int old : classes.labels()) {
            Cell cell = partition.cells().get(old);
            cells.add(new Cell(cells.size(), cell.id(), cell.photos(), cell.mean()));
        }
        return new Partition(cells);
    }
}
