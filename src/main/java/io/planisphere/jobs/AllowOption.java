package io.planisphere.jobs;

import io.planisphere.spark.plan.Allowed;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a manifest may send a job. */
final class AllowOption {
    @Option(
            names = "--allow",
            paramLabel = "URI",
            description = "manifests may name photos below it only; a scheme (hdfs:), a bucket or a folder; repeatable")
    private List<String> bases = List.of();

    void check(Problems problems) {
        try {
            allowed();
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    Allowed allowed() {
        return Allowed.of(bases);
    }
}
