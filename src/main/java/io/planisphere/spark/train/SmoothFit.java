package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.col;

import dev.ludovic.netlib.blas.BLAS;
import io.planisphere.geo.LatLng;
import io.planisphere.train.KeptClasses;
import io.planisphere.train.SoftmaxHead;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.mllib.linalg.DenseVector;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.optimization.Gradient;
import org.apache.spark.mllib.optimization.LBFGS;
import org.apache.spark.mllib.optimization.Updater;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Fits a head to labels that know distance (Haas et al., PIGEON, arXiv 2307.05845, section 2.2): a photo counts for class {@code
 * c} with weight {@code exp(−(d(c, photo) − d(own, photo)) / T)}, divided by their sum, where {@code d} is the great-circle
 * distance from the mean place of the class and {@code own} is the photo's class. The objective is that of {@link HeadFit}, with
 * this distribution in place of the one class.
 *
 * <p>Of the cross-entropy, only the logarithm of the softmax's denominator depends on the weights in a way that needs the photos
 * again; the rest is linear, and its coefficients are summed once. So an iteration costs as much as one with hard labels, whatever
 * the number of near cells, and the distances are computed once. (MLlib's regression could only be given a copy of the photo for
 * each near cell: hundreds, in Europe.)
 *
 * @param regularization as in {@link HeadFit}
 * @param kilometers T
 */
record SmoothFit(double regularization, int maxIterations, double kilometers) {
    private static final int CORRECTIONS = 10;
    private static final double TOLERANCE = 1e-8;

    /** Photos per matrix product. */
    private static final int BLOCK = 256;

    /** Fits the head for photos with the kept classes, whose mean places are given in their order. */
    FittedHead fit(Examples examples, int head, KeptClasses kept, double[] classWeights, List<LatLng> means) {
        long start = System.nanoTime();
        Row moments = examples.toFit(head, kept, classWeights)
                .select(Summarizer.metrics("mean", "std")
                        .summary(col("features"), col("weight"))
                        .as("moments"))
                .select("moments.*")
                .head();
        double[] mean = ((org.apache.spark.ml.linalg.Vector) moments.get(0)).toArray();
        double[] deviation = ((org.apache.spark.ml.linalg.Vector) moments.get(1)).toArray();
        Shape shape = new Shape(kept.size(), mean.length);

        Dataset<Row> located = examples.located(head, kept);
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(located.sparkSession().sparkContext());
        Broadcast<Targets> targets =
                context.broadcast(new Targets(shape, mean, deviation, classWeights, Places.of(means), kilometers));
        JavaRDD<double[]> blocks = located.javaRDD().mapPartitions(photos -> blocks(photos, targets.value()));
        double[] linear = located.javaRDD()
                .mapPartitions(photos -> List.of(targets.value().linear(photos)).iterator())
                .treeReduce(SmoothFit::sum);
        double weights =
                Arrays.stream(linear, shape.bias(0), shape.parameters()).sum();
        long count = blocks.count();

        RDD<Tuple2<Object, Vector>> data =
                JavaPairRDD.toRDD(blocks.mapToPair(block -> new Tuple2<Object, Vector>(1.0, Vectors.dense(block))));
        Tuple2<Vector, double[]> result = LBFGS.runLBFGS(
                data,
                new LogPartition(shape),
                new LinearAndPenalty(shape, linear, count),
                CORRECTIONS,
                TOLERANCE,
                maxIterations,
                regularization * weights / count,
                Vectors.dense(start(shape, linear, weights)));
        targets.destroy();
        double[] losses = result._2();
        return new FittedHead(
                headOf(shape, result._1().toArray(), mean, deviation),
                kept,
                losses.length - 1,
                losses[losses.length - 1] * count / weights,
                (System.nanoTime() - start) / 1e9);
    }

    /** The logarithms of the classes' shares as biases, and no weights. */
    private static double[] start(Shape shape, double[] linear, double weights) {
        double[] start = new double[shape.parameters()];
        for (int k = 0; k < shape.classes(); k++) {
            start[shape.bias(k)] = Math.log(Math.max(linear[shape.bias(k)] / weights, Double.MIN_NORMAL));
        }
        return start;
    }

    private static double[] sum(double[] left, double[] right) {
        for (int i = 0; i < left.length; i++) {
            left[i] += right[i];
        }
        return left;
    }

    private static Iterator<double[]> blocks(Iterator<Row> photos, Targets targets) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return photos.hasNext();
            }

            @Override
            public double[] next() {
                List<Row> rows = new ArrayList<>();
                while (rows.size() < BLOCK && photos.hasNext()) {
                    rows.add(photos.next());
                }
                return targets.block(rows);
            }
        };
    }

    /** Returns the head for features as they are, with biases of mean 0: a constant in all of them changes no probability. */
    private static SoftmaxHead headOf(Shape shape, double[] solution, double[] mean, double[] deviation) {
        float[] weights = new float[shape.classes() * shape.width()];
        double[] offsets = new double[shape.classes()];
        for (int k = 0; k < shape.classes(); k++) {
            double offset = solution[shape.bias(k)];
            for (int i = 0; i < shape.width(); i++) {
                double weight = deviation[i] == 0 ? 0 : solution[k * shape.width() + i] / deviation[i];
                weights[k * shape.width() + i] = (float) weight;
                offset -= weight * mean[i];
            }
            offsets[k] = offset;
        }
        double shift = Arrays.stream(offsets).average().orElse(0);
        float[] bias = new float[shape.classes()];
        for (int k = 0; k < bias.length; k++) {
            bias[k] = (float) (offsets[k] - shift);
        }
        return new SoftmaxHead(weights, bias);
    }

    /** The parameters as a vector: the weights, class by class, then the biases. */
    private record Shape(int classes, int width) implements Serializable {
        int parameters() {
            return Math.multiplyExact(classes, width + 1);
        }

        int bias(int label) {
            return classes * width + label;
        }
    }

    /** Points on the unit sphere, three coordinates each. */
    private record Places(List<double[]> points) implements Serializable {
        static Places of(List<LatLng> means) {
            return new Places(means.stream().map(Places::point).toList());
        }

        private static double[] point(LatLng place) {
            double latitude = Math.toRadians(place.latitude());
            double longitude = Math.toRadians(place.longitude());
            return new double[] {
                Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)
            };
        }

        /** Returns the distribution of a photo over the classes. */
        double[] distribution(LatLng photo, double kilometers) {
            double[] here = point(photo);
            double[] shares = new double[points.size()];
            double nearest = Double.MAX_VALUE;
            for (int k = 0; k < shares.length; k++) {
                double[] there = points.get(k);
                double x = here[0] - there[0];
                double y = here[1] - there[1];
                double z = here[2] - there[2];
                // from the chord, which is exact for short distances
                shares[k] = 2 * LatLng.EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2));
                nearest = Math.min(nearest, shares[k]);
            }
            double sum = 0;
            for (int k = 0; k < shares.length; k++) {
                // a factor that is the same for all classes, such as that of the own class, is cancelled by the sum
                shares[k] = Math.exp((nearest - shares[k]) / kilometers);
                sum += shares[k];
            }
            for (int k = 0; k < shares.length; k++) {
                shares[k] /= sum;
            }
            return shares;
        }
    }

    /** Converts photos {@code embedding, latitude, longitude, label} for a fit. */
    @SuppressWarnings("ArrayRecordComponent") // broadcast, never compared
    private record Targets(
            Shape shape, double[] mean, double[] deviation, double[] classWeights, Places places, double kilometers)
            implements Serializable {

        /** Returns the number of photos, the weight of each, and their features with mean 0 and deviation 1, row by row. */
        double[] block(List<Row> photos) {
            int n = photos.size();
            double[] block = new double[1 + n * (1 + shape.width())];
            block[0] = n;
            for (int i = 0; i < n; i++) {
                block[1 + i] = weight(photos.get(i));
                write(photos.get(i), block, 1 + n + i * shape.width());
            }
            return block;
        }

        private double weight(Row photo) {
            return classWeights[photo.getInt(3)];
        }

        private void write(Row photo, double[] target, int offset) {
            float[] embedding = FloatBytes.read((byte[]) photo.get(0));
            for (int i = 0; i < embedding.length; i++) {
                target[offset + i] = deviation[i] == 0 ? 0 : (embedding[i] - mean[i]) / deviation[i];
            }
        }

        /** Returns the sum over photos of weight · share of the class · (features, 1). */
        double[] linear(Iterator<Row> photos) {
            double[] sum = new double[shape.parameters()];
            double[] features = new double[shape.width()];
            while (photos.hasNext()) {
                Row photo = photos.next();
                write(photo, features, 0);
                double[] shares = places.distribution(new LatLng(photo.getDouble(1), photo.getDouble(2)), kilometers);
                for (int k = 0; k < shares.length; k++) {
                    double share = weight(photo) * shares[k];
                    if (share > 0) {
                        BLAS.getInstance().daxpy(shape.width(), share, features, 0, 1, sum, k * shape.width(), 1);
                        sum[shape.bias(k)] += share;
                    }
                }
            }
            return sum;
        }
    }

    /** Sum over the photos of a block of weight · log Σ exp(logits). */
    private static final class LogPartition extends Gradient {
        private static final long serialVersionUID = 1;

        private final Shape shape;

        LogPartition(Shape shape) {
            this.shape = shape;
        }

        @Override
        public double compute(Vector data, double label, Vector weights, Vector cumulated) {
            double[] block = ((DenseVector) data).values();
            double[] parameters = ((DenseVector) weights).values();
            double[] gradient = ((DenseVector) cumulated).values();
            int n = (int) block[0];
            int classes = shape.classes();
            int width = shape.width();
            BLAS blas = BLAS.getInstance();
            // column by column, as BLAS has matrices: classes x photos
            double[] logits = new double[classes * n];
            for (int i = 0; i < n; i++) {
                System.arraycopy(parameters, shape.bias(0), logits, i * classes, classes);
            }
            blas.dgemm(
                    "T", "N", classes, n, width, 1, parameters, 0, width, block, 1 + n, width, 1, logits, 0, classes);
            double loss = 0;
            for (int i = 0; i < n; i++) {
                loss += block[1 + i] * toProbabilities(logits, i * classes, block[1 + i]);
            }
            blas.dgemm("N", "T", width, classes, n, 1, block, 1 + n, width, logits, 0, classes, 1, gradient, 0, width);
            for (int i = 0; i < n; i++) {
                blas.daxpy(classes, 1, logits, i * classes, 1, gradient, shape.bias(0), 1);
            }
            return loss;
        }

        /** Replaces a photo's logits by weight · probability, and returns the logarithm of their sum. */
        private double toProbabilities(double[] logits, int from, double weight) {
            int to = from + shape.classes();
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = from; k < to; k++) {
                largest = Math.max(largest, logits[k]);
            }
            double sum = 0;
            for (int k = from; k < to; k++) {
                logits[k] = Math.exp(logits[k] - largest);
                sum += logits[k];
            }
            for (int k = from; k < to; k++) {
                logits[k] *= weight / sum;
            }
            return largest + Math.log(sum);
        }
    }

    /**
     * The part of the objective that needs no photos: the linear one, and the penalty on weights. MLlib's L-BFGS asks its updater
     * for the value, and for the gradient as a step of length 1.
     */
    private static final class LinearAndPenalty extends Updater {
        private static final long serialVersionUID = 1;

        private final transient Shape shape;
        private final transient double[] linear;

        /** @param blocks number by which MLlib divides the sum over blocks */
        LinearAndPenalty(Shape shape, double[] linear, long blocks) {
            this.shape = shape;
            this.linear = Arrays.stream(linear).map(value -> value / blocks).toArray();
        }

        @Override
        public Tuple2<Vector, Object> compute(Vector old, Vector gradient, double step, int iteration, double penalty) {
            double[] parameters = old.toArray();
            double[] next = parameters.clone();
            double value = 0;
            for (int i = 0; i < next.length; i++) {
                boolean isWeight = i < shape.bias(0);
                double slope = (isWeight ? penalty * parameters[i] : 0) - linear[i];
                next[i] -= step * slope;
                value += (isWeight ? penalty / 2 * parameters[i] * parameters[i] : 0) - linear[i] * parameters[i];
            }
            return new Tuple2<>(Vectors.dense(next), value);
        }
    }
}
