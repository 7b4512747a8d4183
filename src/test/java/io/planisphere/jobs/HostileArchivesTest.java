package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.Main;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests archives whose entries name paths outside: nothing is written or read there. */
class HostileArchivesTest {
    private static final byte[] RED = Photos.png(Color.RED, 12, 9);
    private static final int SYMBOLIC_LINK = 0120777;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void tarEntriesAreNotWrittenByNameAndLinksAreNotFollowed() throws Exception {
        LocalSpark.session();
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        Path shards = Files.createDirectories(folder.resolve("deep/shards"));
        Path secret = Files.write(folder.resolve("secret.png"), RED);
        Path tar = Files.write(
                shards.resolve("a.tar"),
                new Tars()
                        .with("../../up.png", RED)
                        .withAbsolute(folder.resolve("absolute.png").toString(), RED)
                        .withSymbolicLink("link.png", secret.toString())
                        .withHardLink("hard.png", "../../secret.png")
                        .withSymbolicLink("into", folder.toString())
                        .with("into/linked.png", RED)
                        .bytes());
        Map<String, Long> before = tree();

        int exit = Main.run("locate", "--model", model.toString(), "--input", tar.toString(), "--output", output());

        assertThat(exit).isZero();
        assertThat(tree()).isEqualTo(before);
        String file = "file:" + tar + "#";
        assertThat(statuses())
                .containsEntry(file + "../../up.png", "ok")
                .containsEntry(file + folder.resolve("absolute.png"), "ok")
                .containsEntry(file + "into/linked.png", "ok")
                .containsEntry(file + "link.png", "unsupported")
                .containsEntry(file + "hard.png", "unsupported");
    }

    @Test
    void zipEntriesAreNotWrittenByName() throws Exception {
        Map<String, byte[]> tiny = TinyModels.locate(TinyModels.CELLS);
        for (String name :
                new String[] {"../../up.txt", folder.resolve("absolute.txt").toString()}) {
            Path zip = Files.createDirectories(folder.resolve("deep/models")).resolve("slip.zip");
            TinyModels.writeZip(zip, "", TinyModels.with(tiny, name, "out"));
            Map<String, Long> before = tree();

            assertThatThrownBy(() -> ModelPackage.open(zip.toString(), new Configuration(false)))
                    .isInstanceOf(ModelPackageException.class)
                    .hasMessageContaining("the zip names " + name + ", which leaves the package's folder");
            assertThat(tree()).isEqualTo(before);
        }
    }

    /** The content of the zip entry, a path, is used as the file's bytes. */
    @Test
    void linksInAZipAreNotFollowed() throws Exception {
        Map<String, byte[]> tiny = TinyModels.export("red", "green", "blue");
        Path outside = Files.write(folder.resolve("outside.onnx"), TinyModels.bytes(tiny, "model.onnx"));
        Path zip = folder.resolve("link.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            for (Map.Entry<String, byte[]> file : tiny.entrySet()) {
                boolean isModel = file.getKey().equals("model.onnx");
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                if (isModel) {
                    entry.setUnixMode(SYMBOLIC_LINK);
                }
                out.putArchiveEntry(entry);
                out.write(isModel ? outside.toString().getBytes(StandardCharsets.UTF_8) : file.getValue());
                out.closeArchiveEntry();
            }
        }
        assertThatThrownBy(() -> ModelPackage.open(zip.toString(), new Configuration(false)))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("model.onnx");
    }

    @Test
    void aPhotoOutsideAllowIsForbiddenAndNotFetched() throws Exception {
        LocalSpark.session();
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        Path photos = Files.createDirectories(folder.resolve("photos"));
        Files.write(photos.resolve("in.png"), RED);
        Path secret = Files.write(
                Files.createDirectories(folder.resolve("photos-private")).resolve("x.png"), RED);
        Path manifest =
                Files.writeString(folder.resolve("m.csv"), "uri\nphotos/in.png\nphotos/../photos-private/x.png\n");
        String[] job = {
            "locate", "--model", model.toString(), "--input", manifest.toString(), "--output", output(), "--allow",
        };

        assertThat(Main.run(Stream.concat(Stream.of(job), Stream.of("/photos")).toArray(String[]::new)))
                .isEqualTo(1);
        assertThat(Main.run(Stream.concat(Stream.of(job), Stream.of("file:" + photos))
                        .toArray(String[]::new)))
                .isZero();

        assertThat(statuses())
                .isEqualTo(Map.of("file:" + photos.resolve("in.png"), "ok", "file:" + secret, "forbidden"));
        assertThat(LocalSpark.session()
                        .read()
                        .parquet(output())
                        .where("status = 'forbidden'")
                        .head()
                        .<String>getAs("detail"))
                .contains("file:" + secret, "--allow does not name");

        assertThat(Main.run(Stream.concat(Stream.of(job), Stream.of("file:" + folder, "--retry", "forbidden"))
                        .toArray(String[]::new)))
                .isZero();
        assertThat(statuses()).isEqualTo(Map.of("file:" + photos.resolve("in.png"), "ok", "file:" + secret, "ok"));
    }

    private String output() {
        return folder.resolve("out").toString();
    }

    /** Returns every file outside the output, with its length. */
    private Map<String, Long> tree() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(output()))
                    .collect(Collectors.toMap(Path::toString, HostileArchivesTest::size));
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        for (Row row : LocalSpark.session()
                .read()
                .parquet(output())
                .select("uri", "status")
                .collectAsList()) {
            statuses.put(row.getString(0), row.getString(1));
        }
        return statuses;
    }
}
