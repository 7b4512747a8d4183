package io.planisphere.spark;

import org.apache.spark.sql.SparkSession;

/** One real Spark for all tests of a JVM, with more concurrent tasks than cores, so that tasks compete. */
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
