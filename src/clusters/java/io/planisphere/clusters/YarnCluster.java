package io.planisphere.clusters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** A resource manager and a node manager in this JVM; their containers are separate processes. */
final class YarnCluster implements AutoCloseable {
    private final Path configuration;
    private final MiniYARNCluster yarn = new MiniYARNCluster("planisphere", 1, 1, 1);

    YarnCluster(Path folder) throws IOException {
        YarnConfiguration wanted = new YarnConfiguration();
        wanted.set("yarn.resourcemanager.bind-host", "127.0.0.1");
        wanted.set("yarn.nodemanager.bind-host", "127.0.0.1");
        wanted.set("yarn.scheduler.capacity.root.queues", "default");
        wanted.set("yarn.scheduler.capacity.root.default.capacity", "100");
        wanted.setInt("yarn.scheduler.minimum-allocation-mb", 128);
        wanted.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", 6144);
        // native memory and code take more than the heap, and this test does not check sizes
        wanted.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
        wanted.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
        // a node whose disk is nine tenths full accepts no containers, and the job would wait forever
        wanted.setBoolean("yarn.nodemanager.disk-health-checker.enable", false);
        wanted.setInt("yarn.nodemanager.delete.debug-delay-sec", 0);
        yarn.init(wanted);
        yarn.start();
        configuration = Files.createDirectories(folder.resolve("conf"));
        try (OutputStream out = Files.newOutputStream(configuration.resolve("yarn-site.xml"))) {
            yarn.getConfig().writeXml(out);
        }
    }

    /** Returns the variables that let spark-submit find this cluster, and the YARN module that an installed Spark contains. */
    Map<String, String> environment() {
        return Map.of(
                "HADOOP_CONF_DIR",
                configuration.toString(),
                "SPARK_DIST_CLASSPATH",
                Path.of("target/clusters/yarn").toAbsolutePath() + "/*");
    }

    /** Returns the options that run a job on this cluster, with two executors of one core. */
    static String[] options(Path staging, String deployMode) {
        String java = System.getProperty("java.home");
        return new String[] {
            "--master",
            "yarn",
            "--deploy-mode",
            deployMode,
            "--num-executors",
            "2",
            "--conf",
            "spark.executor.cores=1",
            "--conf",
            "spark.executor.memory=600m",
            "--conf",
            "spark.driver.memory=1g",
            "--conf",
            "spark.yarn.am.memory=512m",
            "--conf",
            "spark.yarn.maxAppAttempts=1",
            "--conf",
            "spark.yarn.stagingDir=" + staging.toUri(),
            // every node of this cluster has the jars at the same path
            "--conf",
            "spark.yarn.jars=local:" + Installed.spark() + "/jars/*,local:"
                    + Path.of("target/clusters/yarn").toAbsolutePath() + "/*",
            "--conf",
            "spark.executorEnv.JAVA_HOME=" + java,
            "--conf",
            "spark.yarn.appMasterEnv.JAVA_HOME=" + java,
            "--conf",
            "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "--conf",
            "spark.sql.shuffle.partitions=2"
        };
    }

    @Override
    public void close() {
        yarn.stop();
    }
}
