package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.planisphere.gallery.Exclusion;
import io.planisphere.gallery.Found;
import io.planisphere.gallery.GallerySearch;
import io.planisphere.gallery.SharedGalleries;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import io.planisphere.model.GalleryFile;
import io.planisphere.train.DecodingFit.Trial;
import io.planisphere.train.RetrievalFit;
import io.planisphere.train.RetrievalFit.Lookup;
import io.planisphere.train.SoftmaxHead;
import io.planisphere.vision.CellDistribution;
import io.planisphere.vision.CellProbabilities;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Finds places and radii of held-out photos under every candidate decoding, with the code that {@code locate} runs. */
final class HeldOutPlaces {
    /** Maximum number of photos; the driver holds some 450 bytes of each. More would not change a fit of three numbers. */
    private static final int MOST_PHOTOS = 500_000;

    private static final long SEED = 1;

    private HeldOutPlaces() {}

    /**
     * The network.
     *
     * @param cells cells of each head as CSV, from coarse to fine
     */
    private record Network(
            List<SoftmaxHead> heads,
            List<String> cells,
            double temperature,
            @Nullable GalleryFile gallery) implements Serializable {
        Hierarchy hierarchy() {
            return new Hierarchy(cells.stream().map(Network::partition).toList());
        }

        private static Partition partition(String csv) {
            try {
                return Partition.read("cells", new StringReader(csv));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Returns each photo's places, and its neighbours in a gallery; of a sample if there are over half a million.
     *
     * @param heads heads from coarse to fine
     * @param cells their cells
     * @param temperature divisor of all logits
     * @param gallery photos of the finest cells; empty for no neighbours
     */
    static List<Lookup> lookups(
            Dataset<Row> heldOut,
            List<SoftmaxHead> heads,
            List<Partition> cells,
            double temperature,
            Optional<GalleryFile> gallery) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(heldOut.sparkSession().sparkContext());
        Network network =
                new Network(heads, cells.stream().map(Classes::csv).toList(), temperature, gallery.orElse(null));
        Broadcast<Network> broadcast = context.broadcast(network);
        long photos = heldOut.count();
        Dataset<Row> sample = photos > MOST_PHOTOS ? heldOut.sample((double) MOST_PHOTOS / photos, SEED) : heldOut;
        List<Lookup> lookups = sample.select(
                        col("embedding"),
                        col("latitude"),
                        col("longitude"),
                        // a photo without a user counts as a user of its own
                        coalesce(when(col("user").isNotNull(), xxhash64(col("user"))), xxhash64(col("embedding"))))
                .javaRDD()
                .mapPartitions(new Try(broadcast))
                .collect();
        broadcast.destroy();
        return Collections.unmodifiableList(lookups);
    }

    private record Try(Broadcast<Network> network) implements FlatMapFunction<Iterator<Row>, Lookup> {
        @Override
        public Iterator<Lookup> call(Iterator<Row> photos) {
            List<SoftmaxHead> heads = network.value().heads();
            Hierarchy hierarchy = network.value().hierarchy();
            CellProbabilities probabilities = new CellProbabilities(
                    hierarchy,
                    Collections.nCopies(heads.size(), Activation.SOFTMAX),
                    network.value().temperature());
            CellDistribution distribution = new CellDistribution(hierarchy.finest());
            GalleryFile gallery = network.value().gallery();
            Optional<GallerySearch> search = gallery == null
                    ? Optional.empty()
                    : Optional.of(new GallerySearch(
                            SharedGalleries.open(gallery),
                            RetrievalFit.CELLS_SHARE,
                            RetrievalFit.MOST_NEIGHBOURS,
                            Exclusion.NONE));
            Iterable<Row> all = () -> photos;
            return StreamSupport.stream(all.spliterator(), false)
                    .map(photo -> lookup(photo, heads, probabilities, distribution, search))
                    .iterator();
        }

        private static Lookup lookup(
                Row photo,
                List<SoftmaxHead> heads,
                CellProbabilities ofPhoto,
                CellDistribution distribution,
                Optional<GallerySearch> gallery) {
            float[] embedding = FloatBytes.read((byte[]) photo.get(0));
            LatLng truth = new LatLng(photo.getDouble(1), photo.getDouble(2));
            float[][] logits =
                    heads.stream().map(head -> head.logits(embedding)).toArray(float[][]::new);
            float[] probabilities = ofPhoto.of(List.of(new Inferred.Outputs(logits)));
            Found found = gallery.map(search -> search.search(embedding, probabilities))
                    .orElse(new Found(new float[0], new float[0], new float[0], new int[0]));
            return new Lookup(
                    Trial.of(photo.getLong(3), truth, probabilities, distribution),
                    truth.latitude(),
                    truth.longitude(),
                    found);
        }
    }
}
