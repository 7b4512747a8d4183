package io.planisphere.spark;

import org.apache.spark.sql.SparkSession;

/** One real Spark for all tests of a JVM; more tasks at once than cores, so that they get in each other's way. */
public final class LocalSpark {
    private LocalSpark() {}

    public static SparkSession session() {
        return SparkSession.builder()
                .master("local[8]")
                .appName("planisphere-tests")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 3)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.warehouse.dir", "target/warehouse")
                .getOrCreate();
    }
}
