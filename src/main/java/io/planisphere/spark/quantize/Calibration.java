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
import io.planisphere.vision.Look;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/** Measures a network's activations over photos: each task fills histograms, the driver adds them up. */
public final class Calibration {
    private Calibration() {}

    /** What the network's values are over the sample; photos that cannot be decoded count nowhere. */
    public static ActivationStatistics measure(PhotoSample sample, ModelPackage model, FloatNetwork network) {
        Broadcast<ModelPackage> files = sample.spark().broadcast(model);
        Broadcast<byte[]> graph = sample.spark().broadcast(network.observing());
        List<Observed> observed = new ArrayList<>(network.observed());
        ImageLimits limits = sample.limits();
        return sample.tasks(photos -> statistics(photos, files.value(), graph.value(), observed, limits))
                .fold(new ActivationStatistics(), ActivationStatistics::plus);
    }

    private static ActivationStatistics statistics(
            Iterator<EncodedImage> photos,
            ModelPackage model,
            byte[] graph,
            List<Observed> observed,
            ImageLimits limits) {
        ActivationStatistics statistics = new ActivationStatistics();
        Look look = new Look(observed.stream().map(Observed::name).toList(), Crop.first(1));
        try (Session session = Session.open(model, graph, new Processor.Cpu(1));
                Scorer scorer = new Scorer(photos, session, model, look, limits, 1)) {
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
