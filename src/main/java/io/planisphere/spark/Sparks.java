package io.planisphere.spark;

import org.apache.spark.sql.SparkSession;

/** The session of a job. */
public final class Sparks {
    private Sparks() {}

    /** The session that spark-submit configured, under the job's name. */
    public static SparkSession session(String name) {
        return SparkSession.builder().appName(name).getOrCreate();
    }
}
