package io.planisphere.spark.run;

import io.planisphere.spark.file.ForklessFiles;
import io.planisphere.spark.file.RunFailure;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.SparkSession$;
import scala.jdk.javaapi.OptionConverters;

/** Creates and ends the Spark session of a job. */
public final class Sparks {
    /** Sessions of this JVM. {@link SparkSession} itself would search for their class by Scala's reflection, which starts slowly. */
    private static final SparkSession$ CLASSIC = SparkSession$.MODULE$;

    private static final Pattern LOCAL = Pattern.compile("local(\\[|$)");
    private static final String TIME_ZONE = "spark.sql.session.timeZone";
    private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    private static final int SHUFFLE_PARTITIONS_PER_CORE = 2;

    private Sparks() {}

    /**
     * Returns the session that spark-submit configured, under the job's name. Spark's progress bar is off, because jobs show
     * their own. A session that this method makes has no internal functions of MLlib; a job that calls MLlib needs {@link
     * #learningSession}.
     */
    public static SparkSession session(String name) {
        return session(name, WithoutMllib::during);
    }

    /** Returns the same session with the internal functions of MLlib. */
    public static SparkSession learningSession(String name) {
        return session(name, Supplier::get);
    }

    private static SparkSession session(String name, Function<Supplier<SparkSession>, SparkSession> creating) {
        boolean local = LOCAL.matcher(System.getProperty("spark.master", "")).lookingAt();
        // where there is a session already, the builder would warn about its configuration
        SparkSession session = OptionConverters.toJava(CLASSIC.getActiveSession())
                .<SparkSession>map(active -> active)
                .or(() -> OptionConverters.toJava(CLASSIC.getDefaultSession()))
                .orElseGet(() -> creating.apply(CLASSIC.builder()
                        .sparkContext(SparkContext.getOrCreate(configuration(name, local)))::getOrCreate));
        // the default is the machine's time zone, which would give timestamps in manifests other values on another
        // machine
        setUnlessGiven(session, TIME_ZONE, "UTC");
        if (local) {
            // the default of 200 suits a cluster; here most of these tasks would be empty, and each costs milliseconds
            int cores = session.sparkContext().defaultParallelism();
            setUnlessGiven(session, SHUFFLE_PARTITIONS, String.valueOf(SHUFFLE_PARTITIONS_PER_CORE * cores));
        }
        ForklessFiles.useIn(session.sparkContext().hadoopConfiguration());
        return session;
    }

    /**
     * Returns the session of a job whose tasks spend their time on photos. Spark interprets its expressions there, unless its
     * configuration says otherwise: generated code saves microseconds per row, a photo takes milliseconds, and generating and
     * compiling the code takes more than a second in each process.
     */
    public static SparkSession photoSession(String name) {
        SparkSession session = session(name);
        setUnlessGiven(session, "spark.sql.codegen.wholeStage", "false");
        setUnlessGiven(session, "spark.sql.codegen.factoryMode", "NO_CODEGEN");
        return session;
    }

    private static SparkConf configuration(String name, boolean local) {
        SparkConf configuration = new SparkConf().setAppName(name).set("spark.ui.showConsoleProgress", "false");
        // Tasks find the jars where this class was found. Spark would copy them first, which takes a second or more;
        // meanwhile its executor sends heartbeats without a block manager, and each logs a NullPointerException.
        return local ? configuration.set("spark.jars", "") : configuration;
    }

    private static void setUnlessGiven(SparkSession session, String key, String value) {
        if (!session.conf().contains(key)) {
            session.conf().set(key, value);
        }
    }

    /**
     * Exits with this code, unless the process belongs to the cluster. If YARN runs the driver, its application master must end
     * the process and report the result to YARN; otherwise the application counts as failed and is started again. On Databricks
     * the process is the cluster's driver.
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
