package io.planisphere.spark.run;

import io.planisphere.spark.file.ForklessFiles;
import io.planisphere.spark.file.RunFailure;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/** The session of a job, from its beginning to its end. */
public final class Sparks {
    private static final Pattern LOCAL = Pattern.compile("local(\\[|$)");
    private static final String TIME_ZONE = "spark.sql.session.timeZone";

    private Sparks() {}

    /** The session that spark-submit configured, under the job's name. Jobs say themselves how far they are, and Spark does not. */
    public static SparkSession session(String name) {
        SparkSession.Builder builder =
                SparkSession.builder().appName(name).config("spark.ui.showConsoleProgress", false);
        if (LOCAL.matcher(System.getProperty("spark.master", "")).lookingAt()) {
            // Tasks find the jars where this class was found. Spark would copy them first, a second or more in which
            // its
            // executor sends heartbeats already and has no block manager yet: each logs a NullPointerException.
            builder.config("spark.jars", "");
        }
        SparkSession session = builder.getOrCreate();
        if (!session.conf().contains(TIME_ZONE)) {
            // Spark takes the machine's: moments in manifests would become other times on another machine
            session.conf().set(TIME_ZONE, "UTC");
        }
        ForklessFiles.useIn(session.sparkContext().hadoopConfiguration());
        return session;
    }

    /**
     * Ends the process with this exit code, where it is ours to end. Where YARN runs the driver, its application master ends
     * the process and tells YARN how it went; one that somebody else ends counts as failed, and is started again. On
     * Databricks the process is that of the cluster's driver.
     */
    public static void end(int exitCode) {
        boolean inApplicationMaster = "yarn".equals(System.getProperty("spark.master"))
                && "cluster".equals(System.getProperty("spark.submit.deployMode"));
        if (!inApplicationMaster && System.getenv("DATABRICKS_RUNTIME_VERSION") == null) {
            System.exit(exitCode);
        }
        if (exitCode != 0) {
            throw new RunFailure("The job ended with exit code " + exitCode);
        }
    }
}
