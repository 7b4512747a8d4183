package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.infer.Session;
import io.planisphere.spark.LocalSpark;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the program in docs/library.md unchanged. */
class LibraryExampleTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void theDocumentedExampleWorks(@TempDir Path folder) throws Exception {
        String places = folder.resolve("places").toString();
        String regions = folder.resolve("regions").toString();
        Path classes = compiled(folder);

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, Thread.currentThread().getContextClassLoader())) {
            loader.loadClass("PlacesByRegion").getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {"src/samples/earth/*.jpg", places, regions});
        }

        assertThat(SPARK.read().parquet(places).filter("status = 'ok'").count()).isEqualTo(36);
        List<Row> rows = SPARK.read().parquet(regions).collectAsList();
        assertThat(rows.stream().mapToLong(row -> row.getLong(1)).sum()).isEqualTo(36);
        assertThat(rows).allSatisfy(row -> {
            // level 4, or none if the geolocator's own cell is larger
            assertThat(row.isNullAt(0) || row.getString(0).matches("[0-9a-f]{1,3}"))
                    .isTrue();
            assertThat(row.getDouble(2)).isBetween(0.0, 20_016.0);
        });
    }

    private static Path compiled(Path folder) throws Exception {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("docs/library.md")));
        assertThat(program.find()).isTrue();
        Path source = Files.writeString(folder.resolve("PlacesByRegion.java"), program.group(1));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int exitCode = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
        assertThat(exitCode).isZero();
        return classes;
    }
}
