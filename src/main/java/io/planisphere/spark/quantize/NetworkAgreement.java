package io.planisphere.spark.quantize;

import io.planisphere.image.Crop;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * The agreement of two networks over photos.
 *
 * @param outputs one entry per compared output
 */
public record NetworkAgreement(List<Output> outputs) implements Serializable {
    public NetworkAgreement {
        outputs = List.copyOf(outputs);
    }

    /**
     * The agreement of one output.
     *
     * @param width values per photo
     * @param photos number of compared photos
     * @param sameBest number of photos whose largest value is at the same index
     * @param difference sum of the absolute differences of all values
     * @param largest largest absolute difference
     */
    public record Output(String name, int width, long photos, long sameBest, double difference, double largest)
            implements Serializable {

        /** Returns the share of photos, 0 to 1, with the same top value. */
        public double sameBestShare() {
            return (double) sameBest / photos;
        }

        public double meanDifference() {
            return difference / photos / width;
        }

        private Output plus(Output other) {
            return new Output(
                    name,
                    Math.max(width, other.width),
                    photos + other.photos,
                    sameBest + other.sameBest,
                    difference + other.difference,
                    Math.max(largest, other.largest));
        }

        private Output plus(float[] mine, float[] theirs) {
            double sum = 0;
            double most = 0;
            for (int i = 0; i < mine.length; i++) {
                double apart = Math.abs((double) mine[i] - theirs[i]);
                sum += apart;
                most = Math.max(most, apart);
            }
            int same = best(mine) == best(theirs) ? 1 : 0;
            return plus(new Output(name, mine.length, 1, same, sum, most));
        }

        private static int best(float[] values) {
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                best = values[i] > values[best] ? i : best;
            }
            return best;
        }
    }

    /**
     * Runs both networks on the photos of a sample.
     *
     * @param outputs names of the outputs that both have
     */
    public static NetworkAgreement of(PhotoSample sample, ModelPackage one, ModelPackage other, List<String> outputs) {
        Broadcast<ModelPackage> first = sample.spark().broadcast(one);
        Broadcast<ModelPackage> second = sample.spark().broadcast(other);
        ImageLimits limits = sample.limits();
        List<String> names = new ArrayList<>(outputs);
        return sample.tasks(photos -> compared(photos, first.value(), second.value(), names, limits))
                .reduce(NetworkAgreement::plus);
    }

    private NetworkAgreement plus(NetworkAgreement other) {
        List<Output> sums = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            sums.add(outputs.get(i).plus(other.outputs.get(i)));
        }
        return new NetworkAgreement(sums);
    }

    private static NetworkAgreement compared(
            Iterator<EncodedImage> photos,
            ModelPackage one,
            ModelPackage other,
            List<String> outputs,
            ImageLimits limits) {
        List<EncodedImage> held = new ArrayList<>();
        photos.forEachRemaining(photo -> held.add(photo.kept()));
        InferenceSpec spec = new InferenceSpec(outputs, Crop.first(1));
        List<Output> sums = new ArrayList<>();
        outputs.forEach(name -> sums.add(new Output(name, 0, 0, 0, 0, 0)));
        try (Scorer mine = new Scorer(held.iterator(), Session.shared(one, 1), one, spec, limits, 1);
                Scorer theirs = new Scorer(held.iterator(), Session.shared(other, 1), other, spec, limits, 1)) {
            while (mine.hasNext() && theirs.hasNext()) {
                Scored left = mine.next();
                Scored right = theirs.next();
                for (int i = 0;
                        i < sums.size()
                                && !left.views().isEmpty()
                                && !right.views().isEmpty();
                        i++) {
                    sums.set(
                            i,
                            sums.get(i)
                                    .plus(
                                            left.views().get(0).values()[i],
                                            right.views().get(0).values()[i]));
                }
            }
        }
        return new NetworkAgreement(sums);
    }
}
