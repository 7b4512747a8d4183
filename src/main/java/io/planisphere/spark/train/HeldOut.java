package io.planisphere.spark.train;

import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.train.SoftmaxHead;
import io.planisphere.train.Temperatures;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores the held-out set with fitted heads on the executors: logits never leave their task.
 *
 * <p>The final distribution over fine classes is the normalised product over the heads of softmax(logits / T). The denominators
 * of the softmaxes cancel out, so it is softmax(S / T), where S is a fine class's logit plus those of its ancestors.
 */
final class HeldOut {
    private HeldOut() {}

    /**
     * The heads and the relation of their classes; serialisable.
     *
     * @param heads heads from coarse to fine
     * @param renumbered for each head, the new label of each old one
     * @param ancestors for each head, the ancestor's label for each label of the finest
     * @param means latitude and longitude of each fine class; empty if classes are not places
     */
    @SuppressWarnings("ArrayRecordComponent") // serialised, never compared
    record Network(List<SoftmaxHead> heads, int[][] renumbered, int[][] ancestors, double[][] means)
            implements Serializable {
        /** Returns the network of a head for labels. */
        static Network of(FittedHead fitted, int classes) {
            int[] own = new int[fitted.classes().size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = i;
            }
            return new Network(
                    List.of(fitted.head()),
                    new int[][] {fitted.classes().renumbering(classes)},
                    new int[][] {own},
                    new double[0][]);
        }

        /** Returns the network of heads for the cells of a hierarchy. */
        static Network of(List<FittedHead> fitted, List<Integer> classes, Hierarchy cells) {
            int fine = cells.finest().cells().size();
            int[][] renumbered = new int[fitted.size()][];
            int[][] ancestors = new int[fitted.size()][fine];
            double[][] means = new double[fine][];
            for (int label = 0; label < fine; label++) {
                LatLng mean = cells.finest().cells().get(label).mean();
                means[label] = new double[] {mean.latitude(), mean.longitude()};
                for (int head = 0; head < ancestors.length; head++) {
                    ancestors[head][label] = cells.ancestor(head, label);
                }
            }
            for (int head = 0; head < renumbered.length; head++) {
                renumbered[head] = fitted.get(head).classes().renumbering(classes.get(head));
            }
            return new Network(fitted.stream().map(FittedHead::head).toList(), renumbered, ancestors, means);
        }
    }

    /** Sums over photos; those of all tasks are added in the order of partitions, so the result is deterministic. */
    static final class Tally implements Serializable {
        private static final long serialVersionUID = 1;

        final long[] judged; // by head: photos with a known class
        final long[] right; // by head: those of them whose most probable class is the true one
        final double[] negativeLogLikelihoods; // by temperature
        final List<Double> errorsKm = new ArrayList<>();

        Tally(int heads, int temperatures) {
            judged = new long[heads];
            right = new long[heads];
            negativeLogLikelihoods = new double[temperatures];
        }

        void add(Tally other) {
            for (int head = 0; head < judged.length; head++) {
                judged[head] += other.judged[head];
                right[head] += other.right[head];
            }
            for (int t = 0; t < negativeLogLikelihoods.length; t++) {
                negativeLogLikelihoods[t] += other.negativeLogLikelihoods[t];
            }
            errorsKm.addAll(other.errorsKm);
        }

        /** Returns the number of photos in the likelihoods: those whose finest class is known. */
        long likelihoodPhotos() {
            return judged[judged.length - 1];
        }
    }

    /** Scores every photo once. */
    static Tally score(Dataset<Row> photos, Network network, Temperatures temperatures) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(photos.sparkSession().sparkContext());
        Broadcast<Network> broadcast = context.broadcast(network);
        Tally all = new Tally(network.heads().size(), temperatures.values().size());
        photos.select("embedding", "latitude", "longitude", "classes")
                .javaRDD()
                .mapPartitions(new Score(broadcast, temperatures))
                .collect()
                .forEach(all::add);
        broadcast.destroy();
        return all;
    }

    private record Score(Broadcast<Network> network, Temperatures temperatures)
            implements FlatMapFunction<Iterator<Row>, Tally> {
        @Override
        public Iterator<Tally> call(Iterator<Row> photos) {
            Network model = network.value();
            Tally tally = new Tally(model.heads().size(), temperatures.values().size());
            while (photos.hasNext()) {
                score(photos.next(), model, tally);
            }
            return List.of(tally).iterator();
        }

        private void score(Row photo, Network model, Tally tally) {
            float[] embedding = FloatBytes.read((byte[]) photo.get(0));
            List<Integer> classes = photo.getList(3);
            float[] scores = new float[model.ancestors()[0].length];
            int truth = Classes.NONE;
            for (int head = 0; head < model.heads().size(); head++) {
                float[] logits = model.heads().get(head).logits(embedding);
                int old = classes.get(head);
                truth = old == Classes.NONE ? Classes.NONE : model.renumbered()[head][old];
                if (truth != Classes.NONE) {
                    tally.judged[head]++;
                    tally.right[head] += best(logits) == truth ? 1 : 0;
                }
                for (int label = 0; label < scores.length; label++) {
                    scores[label] += logits[model.ancestors()[head][label]];
                }
            }
            if (truth != Classes.NONE) { // the true class for the last head, the finest
                temperatures.addNegativeLogLikelihoods(scores, truth, tally.negativeLogLikelihoods);
            }
            if (model.means().length > 0) {
                double[] mean = model.means()[best(scores)];
                tally.errorsKm.add(
                        new LatLng(photo.getDouble(1), photo.getDouble(2)).distanceKm(new LatLng(mean[0], mean[1])));
            }
        }

        private static int best(float[] scores) {
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                best = scores[i] > scores[best] ? i : best;
            }
            return best;
        }
    }
}
