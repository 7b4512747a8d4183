package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code target/spark/jars}, which is used on machines without an installed Spark. */
class SparkJarsTest {
    private static final Path JARS = Path.of("target/spark/jars");

    /** Classes that connectors of tables and catalogs use and a Spark distribution contains. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.google.common.collect.ImmutableList",
                "com.google.common.cache.CacheBuilder",
                "com.google.common.util.concurrent.internal.InternalFutures",
                "com.google.gson.Gson",
                "org.antlr.v4.runtime.Parser",
                "com.fasterxml.jackson.datatype.jsr310.JavaTimeModule",
                "org.apache.parquet.hadoop.ParquetFileReader",
                "org.apache.avro.Schema",
                "org.roaringbitmap.RoaringBitmap"
            })
    void containsTheClassesThatConnectorsExpect(String name) throws Exception {
        try (URLClassLoader spark = spark()) {
            assertThat(Class.forName(name, false, spark).getClassLoader()).isSameAs(spark);
        }
    }

    private static URLClassLoader spark() throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(JARS)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
