package io.planisphere.spark.quantize;

import io.planisphere.image.Crop;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Inferred;
import io.planisphere.infer.Processor;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.quantize.ActivationStatistics;
import io.planisphere.quantize.FloatNetwork;
import io.planisphere.quantize.FloatNetwork.Observed;
import io.planisphere.quantize.Quantisation;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures a network's activations over photos: each task fills histograms, and the driver adds them up. Each task opens its own
 * session, because the graph differs in each pass and shared sessions stay open.
 */
public final class Calibration {
    private Calibration() {}

    /** Opens the network in a task. */
    private interface Opening extends Serializable {
        Session open(ModelPackage model, byte[] graph, Processor processor);
    }

    /** Returns the statistics of the network's values over the sample; photos that cannot be decoded are not counted. */
    public static ActivationStatistics measure(PhotoSample sample, ModelPackage model, FloatNetwork network) {
        Broadcast<ModelPackage> files = sample.spark().broadcast(model);
        return measured(sample, files, network.observing(), network.observed(), Session::open);
    }

    /** Measures the inputs of one layer after another and rounds it, and returns the network in 8 bits. */
    public static byte[] complete(PhotoSample sample, ModelPackage model, Quantisation quantisation) {
        Broadcast<ModelPackage> files = sample.spark().broadcast(model);
        while (quantisation.hasNext()) {
            quantisation.accept(measured(
                    sample, files, quantisation.observing(), List.of(quantisation.observed()), Session::openUnfused));
        }
        return quantisation.network();
    }

    private static ActivationStatistics measured(
            PhotoSample sample, Broadcast<ModelPackage> model, byte[] graph, List<Observed> values, Opening opening) {
        Broadcast<byte[]> network = sample.spark().broadcast(graph);
        List<Observed> observed = new ArrayList<>(values);
        ImageLimits limits = sample.limits();
        ActivationStatistics statistics = sample.tasks(
                        photos -> statistics(photos, model.value(), network.value(), observed, opening, limits))
                .fold(new ActivationStatistics(), ActivationStatistics::plus);
        network.destroy();
        return statistics;
    }

    private static ActivationStatistics statistics(
            Iterator<EncodedImage> photos,
            ModelPackage model,
            byte[] graph,
            List<Observed> observed,
            Opening opening,
            ImageLimits limits) {
        ActivationStatistics statistics = new ActivationStatistics();
        InferenceSpec spec =
                new InferenceSpec(observed.stream().map(Observed::name).toList(), Crop.first(1));
        try (Session session = opening.open(model, graph, new Processor.Cpu(1));
                Scorer scorer = new Scorer(photos, session, model, spec, limits, 1)) {
            while (scorer.hasNext()) {
                Scored photo = scorer.next();
                for (Inferred.Outputs view : photo.views()) {
                    statistics.add(observed, view.values());
                }
            }
        }
        return statistics;
    }
}
