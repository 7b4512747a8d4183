package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.AwayFileSystem;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the locations from which packages are read, and what is rejected on reading. */
class PackageFilesTest {
    private static final Map<String, byte[]> CLASSIFIER = TinyModels.classify("red", "green", "blue");
    private static final Map<String, byte[]> EXPORT = TinyModels.export("red", "green", "blue");

    private final Path folder;

    PackageFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theDigestIsTheSha256sumOfTheSha256sums() throws Exception {
        TinyModels.writeDirectory(folder, EXPORT);
        Process sums = new ProcessBuilder(
                        "sh", "-c", "sha256sum config.json model.onnx preprocessor_config.json | sha256sum")
                .directory(folder.toFile())
                .start();
        String sum = new String(sums.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(sum).startsWith(open(folder).digest());
    }

    @Test
    void otherFilesInTheFolderAreIgnored() throws Exception {
        TinyModels.writeDirectory(folder, EXPORT);
        String digest = open(folder).digest();
        Files.writeString(folder.resolve("README.md"), "About");
        Files.writeString(folder.resolve("pytorch_model.bin"), "weights");

        assertThat(open(folder).digest()).isEqualTo(digest);
    }

    @Test
    void filesListedInTheManifestBelongToThePackage() throws Exception {
        Map<String, byte[]> files = TinyModels.listed(TinyModels.with(CLASSIFIER, "LICENSE", "Apache"));
        Path directory = TinyModels.writeDirectory(folder, files);
        assertThat(PackageFiles.read(directory.toString(), new Configuration(false))
                        .all())
                .containsKey("LICENSE");

        Files.writeString(directory.resolve("LICENSE"), "MIT");
        refused(directory, "LICENSE has SHA-256 ");
    }

    @Test
    void aHuggingFaceExportCanHaveItsModelInASubfolder() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(EXPORT);
        files.put("onnx/model.onnx", TinyModels.bytes(files, "model.onnx"));
        files.remove("model.onnx");

        assertThat(open(TinyModels.writeDirectory(folder, files)).heads()).hasSize(1);
    }

    @Test
    void aBuiltInPackageIsReadFromTheResources() throws Exception {
        TinyModels.writeDirectory(folder.resolve("models/tiny"), CLASSIFIER);
        try (URLClassLoader resources =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            PackageFiles files = PackageFiles.read(
                    "builtin:tiny",
                    FileSource.builtin("tiny", resources),
                    PackageFiles.MAX_BYTES,
                    new Configuration(false));
            assertThat(files.digest())
                    .isEqualTo(open(TinyModels.writeDirectory(folder.resolve("tiny"), CLASSIFIER))
                            .digest());
        }
    }

    @Test
    void aPackageIsReadThroughAnyHadoopFileSystem() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), CLASSIFIER);
        Path zip = TinyModels.writeZip(folder.resolve("tiny.zip"), "", CLASSIFIER);
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.away.impl", AwayFileSystem.class.getName());

        for (Path place : new Path[] {directory, zip}) {
            assertThat(ModelPackage.open("away://host" + place, hadoop).digest())
                    .isEqualTo(open(place).digest());
        }
    }

    @Test
    void anUnknownBuiltInPackageIsRejected() {
        for (String name : new String[] {"nowhere", "../models", ""}) {
            assertThatThrownBy(() -> ModelPackage.open("builtin:" + name, new Configuration(false)))
                    .isInstanceOf(ModelPackageException.class)
                    .hasMessage("Cannot open model package builtin:" + name + ": no model of that name is built in;"
                            + " earth, earth-int8, mobilenet-v2, mobilenet-v2-int8, coco-detector, face-detector and face-attributes are, any"
                            + " other needs its directory or zip");
        }
    }

    @Test
    void aMissingPathIsRejected() {
        refused(folder.resolve("nowhere"), "there is no such directory or zip; check the path");
    }

    @Test
    void anUnavailableFileSystemIsRejectedInOneLine() {
        assertThatThrownBy(() -> ModelPackage.open("gopher://host/model", new Configuration(false)))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageStartingWith("Cannot open model package gopher://host/model: ")
                .hasMessageContaining("gopher")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsNotAZipIsRejected() throws Exception {
        Path model = Files.write(folder.resolve("model.onnx"), TinyModels.bytes(EXPORT, "model.onnx"));
        refused(model, "it is a file, but no zip with files in it; give a directory or a zip");
    }

    @Test
    void zipEntriesOutsideTheFolderAreRejected() throws Exception {
        for (String name :
                new String[] {"../model.onnx", "/model.onnx", "a/../../model.onnx", "..\\model.onnx", "C:model"}) {
            Path zip = folder.resolve("slip.zip");
            TinyModels.writeZip(zip, "", Map.of(name, new byte[1]));
            refused(zip, "the zip names " + name + ", which leaves the package's folder; use plain relative names");
        }
    }

    @Test
    void aDamagedZipIsRejected() throws Exception {
        Path zip = TinyModels.writeZip(folder.resolve("tiny.zip"), "", CLASSIFIER);
        byte[] whole = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(whole, 300));
        refused(zip, "the zip is damaged (");
    }

    /** Found by ZipFuzzTest. */
    @Test
    void aZipWithANonUtf8NameIsRejected() throws Exception {
        Path zip = folder.resolve("latin1.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out, StandardCharsets.ISO_8859_1)) {
            entries.putNextEntry(new ZipEntry("modèle.onnx"));
            entries.write(1);
        }
        refused(zip, "the zip holds a name that is not UTF-8; pack it again with plain names");
    }

    @Test
    void extraFoldersOfMacOsZipsAreIgnored() throws Exception {
        Path zip = folder.resolve("mac.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.putNextEntry(new ZipEntry("__MACOSX/tiny/._model.onnx"));
            entries.putNextEntry(new ZipEntry("tiny/"));
            for (Map.Entry<String, byte[]> file : CLASSIFIER.entrySet()) {
                entries.putNextEntry(new ZipEntry("tiny/" + file.getKey()));
                entries.write(file.getValue());
            }
        }
        assertThat(open(zip).labels()).containsExactly("red", "green", "blue");
    }

    @Test
    void packagesOverTheSizeLimitAreRejectedWhileReading() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), EXPORT);
        Path zip = TinyModels.writeZip(folder.resolve("tiny.zip"), "", EXPORT);
        long size = EXPORT.values().stream().mapToLong(bytes -> bytes.length).sum();

        for (Path place : new Path[] {directory, zip}) {
            assertThat(read(place, size).all()).hasSize(3);
            assertThatThrownBy(() -> read(place, size - 1))
                    .isInstanceOf(PackageProblem.class)
                    .hasMessageContaining("it holds more than 512 MiB; ");
        }
    }

    private static PackageFiles read(Path place, long maxBytes) throws Exception {
        String location = place.toString();
        Configuration hadoop = new Configuration(false);
        return PackageFiles.read(location, FileSource.at(location, hadoop, maxBytes), maxBytes, hadoop);
    }

    private static void refused(Path place, String problem) {
        assertThatThrownBy(() -> open(place))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageStartingWith("Cannot open model package " + place + ": " + problem);
    }

    private static ModelPackage open(Path place) {
        return ModelPackage.open(place.toString(), new Configuration(false));
    }
}
