package io.planisphere.spark.run;

import io.planisphere.image.Resizing;
import io.planisphere.source.InputException;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.run.InferenceRun.Settings;
import io.planisphere.spark.run.RunRecord.ModelRecord;
import io.planisphere.spark.run.RunRecord.OptOutRecord;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks a run's model and settings against those of the output's earlier runs, so that incompatible rows never mix. An output
 * for which nothing was ever planned has no rows and accepts any run.
 */
record RunCompatibility(RunDirectory directory, Settings settings, Plan plan) {
    /**
     * Returns the record of the output, or a new one for an empty output.
     *
     * @param table table that the rows go to; empty for a folder
     * @throws InputException if this run's rows would be incompatible with those in the output
     */
    RunRecord record(JobRows rows, String table) throws IOException {
        String job = settings.job();
        Map<String, String> shaping = shaping(rows);
        ModelRecord wanted = rows.network().map(ModelRecord::of).orElse(ModelRecord.NONE);
        RunRecord begun = plan.isEmpty()
                ? RunRecord.of(job, table, wanted, shaping)
                : directory.read(directory.record(), RunRecord.class).orElse(RunRecord.of(job, table, wanted, shaping));
        if (!begun.table().equals(table)) {
            throw new InputException("--state " + directory.folder() + " belongs to a run that writes to "
                    + (begun.table().isEmpty() ? "a folder" : "table " + begun.table()) + ", and --output names "
                    + (table.isEmpty() ? "a folder" : "table " + table)
                    + "; give the --state of that run, or a new one");
        }
        if (!begun.job().equals(job)) {
            throw new InputException("Output " + directory.name() + " holds rows of " + begun.job() + "; give another"
                    + " --output to " + job);
        }
        refuseIfOther("model", begun.model().sha256(), wanted.sha256());
        refuseIfOther("preprocessing", begun.model().preprocessingSha256(), wanted.preprocessingSha256());
        if (!begun.settings().equals(shaping)) {
            throw new InputException(
                    "Output %s was begun with %s, and this command line says %s; give the same options, or another --output"
                            .formatted(directory.name(), spelled(begun.settings()), spelled(shaping)));
        }
        OptOutRecord list = begun.invocations().isEmpty() ? null : begun.last().optOut();
        if (list != null && settings.optOut().isEmpty()) {
            throw new InputException(
                    "Output %s leaves out who stands on the opt-out list %s; give --opt-out with that list or a newer one"
                            .formatted(directory.name(), list.location()));
        }
        return begun;
    }

    /** Returns the settings, besides the package, that change rows; a decoding option that does not change them is left out. */
    private Map<String, String> shaping(JobRows rows) {
        Map<String, String> shaping = new TreeMap<>(rows.settings());
        double gap = settings.limits().reducingGap();
        Resizing resizing = settings.limits().resizing();
        if (gap != resizing.reducingGap()) {
            shaping.put("reducing-gap", Double.toString(gap));
        }
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
                            .formatted(directory.name(), what, begun, wanted));
        }
    }
}
