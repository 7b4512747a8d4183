package io.planisphere.jobs;

import io.planisphere.infer.EngineFailure;
import io.planisphere.infer.Probe;
import io.planisphere.infer.Probe.Latency;
import io.planisphere.report.CostReport.Measured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Measures the latency of networks per photo, in turns. */
final class ModelTiming {
    private ModelTiming() {}

    /**
     * Returns one measurement per network, in order; empty for networks without weights, and for all if {@code repetitions} is 0.
     */
    static List<Optional<Measured>> of(List<DescribedModel> models, int repetitions, int threads) {
        List<Optional<Measured>> measured = new ArrayList<>(Collections.nCopies(models.size(), Optional.empty()));
        if (repetitions == 0) {
            return measured;
        }
        List<Integer> timed = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        try {
            for (int i = 0; i < models.size(); i++) {
                DescribedModel model = models.get(i);
                if (model.network().isPresent()) {
                    timed.add(i);
                    probes.add(Probe.open(model.name(), model.network().get(), model.files(), model.inputs(), threads));
                }
            }
            List<Latency> latencies = Probe.measure(probes, repetitions);
            for (int i = 0; i < timed.size(); i++) {
                measured.set(timed.get(i), Optional.of(new Measured(latencies.get(i), repetitions, threads)));
            }
            return measured;
        } catch (EngineFailure e) {
            throw new UserError(e.getMessage() + "; give --repetitions 0 to do without latencies");
        } finally {
            probes.forEach(Probe::close);
        }
    }
}
