package io.planisphere.spark;

import io.planisphere.spark.file.ForklessFiles;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The session of a job, from its beginning to its end. */
public final class Sparks {
    private Sparks() {}

    /** The session that spark-submit configured, under the job's name. Jobs say themselves how far they are, and Spark does not. */
    public static SparkSession session(String name) {
        SparkSession session = SparkSession.builder()
                .appName(name)
                .config("spark.ui.showConsoleProgress", false)
                .getOrCreate();
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        ForklessFiles.useIn(hadoop);
        if (ForklessFiles.isWanted(hadoop)) {
            // for the checkpoints of queries, which are all that asks for it
            session.conf().set(ForklessFiles.CONTEXT_FILE_SYSTEM, ForklessFiles.LocalContext.class.getName());
        }
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
