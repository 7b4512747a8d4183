package io.planisphere.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.openlineage.client.utils.DatasetIdentifier;
import io.openlineage.client.utils.DatasetIdentifier.Symlink;
import io.openlineage.client.utils.DatasetIdentifier.SymlinkType;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetNamesTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private final DatasetNames names = new DatasetNames(SPARK);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void prefixesAreNotPartOfAName() throws IOException {
        for (String prefix : new String[] {"", "yfcc100m:", "exif:", "run:", "albums:"}) {
            assertThat(names.input(prefix + folder)).contains(new DatasetIdentifier(folder.toString(), "file"));
        }
    }

    @Test
    void bracketsInTheNameOfAFolderAreNoGlob() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("a [1] ö"));
        Files.createFile(odd.resolve("a.tar"));

        assertThat(names.input(odd + "/a.tar")).contains(new DatasetIdentifier(odd + "/a.tar", "file"));
        assertThat(names.input("webdataset:" + odd + "/*.tar")).contains(new DatasetIdentifier(odd.toString(), "file"));
    }

    @Test
    void anOutputOnAnotherFileSystemNeedNotBeReachable() throws IOException {
        assertThat(names.output("hdfs://127.0.0.1:1/rows/labels"))
                .contains(new DatasetIdentifier("/rows/labels", "hdfs://127.0.0.1:1"));
    }

    @Test
    void aTableIsNamedByItsLocationAndLinkedToItsNameInTheCatalog() throws IOException {
        Path files = folder.resolve("files");
        String table = "table:spark_catalog.default.lineage_photos";
        assertThat(names.outputBefore(table)).isEmpty();
        SPARK.sql("CREATE TABLE default.lineage_photos (uri STRING) USING parquet LOCATION '" + files + "'");
        try {
            DatasetIdentifier name = names.input(table).orElseThrow();

            assertThat(name.getNamespace()).isEqualTo("file");
            assertThat(name.getName()).isEqualTo(files.toString());
            assertThat(name.getSymlinks())
                    .containsExactly(new Symlink(
                            "default.lineage_photos", SPARK.conf().get("spark.sql.warehouse.dir"), SymlinkType.TABLE));
            assertThat(names.outputBefore(table)).isEqualTo(names.input(table));
        } finally {
            SPARK.sql("DROP TABLE default.lineage_photos");
        }
    }
}
