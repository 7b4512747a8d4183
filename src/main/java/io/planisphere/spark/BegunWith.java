package io.planisphere.spark;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import io.planisphere.source.InputException;
import io.planisphere.spark.InferenceRun.Settings;
import io.planisphere.spark.RunRecord.ModelRecord;
import io.planisphere.spark.RunRecord.OptOutRecord;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an output was begun with, held against what a start brings: rows of two kinds never mix. */
record BegunWith(RunDirectory directory, Settings settings) {
    /**
     * The record of the output so far, or a new one.
     *
     * @throws InputException if this start would make other rows than those that are there
     */
    RunRecord record(JobRows rows) throws IOException {
        String job = settings.job();
        Map<String, String> shaping = shaping(rows);
        ModelRecord wanted = rows.network().map(ModelRecord::of).orElse(ModelRecord.NONE);
        RunRecord begun =
                directory.read(directory.record(), RunRecord.class).orElse(RunRecord.of(job, wanted, shaping));
        if (!begun.job().equals(job)) {
            throw new InputException("Output " + directory.output() + " holds rows of " + begun.job() + "; give another"
                    + " --output to " + job);
        }
        refuseIfOther("model", begun.model().sha256(), wanted.sha256());
        refuseIfOther("preprocessing", begun.model().preprocessingSha256(), wanted.preprocessingSha256());
        if (!begun.settings().equals(shaping)) {
            throw new InputException(
                    "Output %s was begun with %s, and this command line says %s; give the same options, or another --output"
                            .formatted(directory.output(), spelled(begun.settings()), spelled(shaping)));
        }
        OptOutRecord list = begun.invocations().isEmpty() ? null : begun.last().optOut();
        if (list != null && settings.optOut().isEmpty()) {
            throw new InputException(
                    "Output %s leaves out who stands on the opt-out list %s; give --opt-out with that list or a newer one"
                            .formatted(directory.output(), list.location()));
        }
        return begun;
    }

    /** What shapes the rows beside the package; a way of decoding that leaves them as they are goes without saying. */
    private Map<String, String> shaping(JobRows rows) {
        Map<String, String> shaping = new TreeMap<>(rows.settings());
        double gap = settings.limits().reducingGap();
        if (gap != ImageLimits.FAITHFUL_GAP) {
            shaping.put("reducing-gap", Double.toString(gap));
        }
        Resizing resizing = settings.limits().resizing();
        if (resizing != Resizing.EXACT) {
            shaping.put("resize", resizing.code());
        }
        return shaping;
    }

    private static String spelled(Map<String, String> settings) {
        return new TreeMap<>(settings)
                .entrySet().stream()
                        .map(option -> "--" + option.getKey() + " " + option.getValue())
                        .collect(Collectors.joining(" "));
    }

    private void refuseIfOther(String what, String begun, String wanted) {
        if (!begun.equals(wanted)) {
            throw new InputException(
                    "Output %s was begun with %s %s, and --model has %s; give that model, or another --output"
                            .formatted(directory.output(), what, begun, wanted));
        }
    }
}
