package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.AwayFileSystem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages whose network keeps its weights in another file. */
class ExternalWeightsTest {
    private static final String DATA = "model.onnx_data";
    private static final Map<String, byte[]> PACKAGE =
            TinyModels.external(TinyModels.classify("red", "green", "blue"), DATA);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void weightsOnALocalDiskAreUsedInPlace() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        ModelPackage model = open(directory);

        assertThat(model.weightFiles()).containsExactly(DATA);
        assertThat(model.localWeights()).contains(directory);
        Path whole = TinyModels.writeDirectory(folder.resolve("whole"), TinyModels.classify("red", "green", "blue"));
        assertThat(open(whole).weightFiles()).isEmpty();
    }

    @Test
    void theDigestIsThatOfAllFiles() throws Exception {
        ModelPackage model = open(TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE));
        String list = "";
        for (String name : new TreeMap<>(PACKAGE).keySet()) {
            list += TinyModels.sha256(PACKAGE, name) + "  " + name + "\n";
        }
        assertThat(model.digest()).isEqualTo(TinyModels.sha256(TinyModels.with(Map.of(), "list", list), "list"));
    }

    @Test
    void weightsOfOtherFileSystemsAreReadFromThere() throws Exception {
        TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.away.impl", AwayFileSystem.class.getName());
        ModelPackage model = travelled(ModelPackage.open("away://host" + folder.resolve("tiny"), hadoop));

        assertThat(model.localWeights()).isEmpty();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        assertThat(model.copyWeights(DATA, read)).isEqualTo(TinyModels.sha256(PACKAGE, DATA));
        assertThat(read.toByteArray()).isEqualTo(TinyModels.bytes(PACKAGE, DATA));
    }

    @Test
    void aPackageTravelsWithoutItsWeights() throws Exception {
        Map<String, byte[]> large = new TreeMap<>(PACKAGE);
        byte[] weights = new byte[1 << 20];
        System.arraycopy(TinyModels.bytes(PACKAGE, DATA), 0, weights, 0, TinyModels.bytes(PACKAGE, DATA).length);
        large.put(DATA, weights);
        ModelPackage model = open(TinyModels.writeDirectory(folder.resolve("tiny"), TinyModels.listed(large)));

        assertThat(bytes(model)).hasSizeLessThan(300_000);
        assertThat(travelled(model).digest()).isEqualTo(model.digest());
        assertThat(model.weightBytes()).isEqualTo(1 << 20);
    }

    @Test
    void anExportInASubfolderHasItsWeightsThereToo() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(TinyModels.external(TinyModels.export("red", "green", "blue"), DATA));
        files.put("onnx/model.onnx", TinyModels.bytes(files, "model.onnx"));
        files.put("onnx/" + DATA, TinyModels.bytes(files, DATA));
        files.remove("model.onnx");
        files.remove(DATA);

        assertThat(open(TinyModels.writeDirectory(folder, files)).weightFiles()).containsExactly("onnx/" + DATA);
    }

    @Test
    void missingWeightsAreRejected() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        Files.delete(directory.resolve(DATA));
        refused(directory, DATA + " is missing, and the network needs its values; put it into the package");
    }

    @Test
    void shortWeightsAreRejected() throws Exception {
        Map<String, byte[]> files = TinyModels.external(TinyModels.export("red", "green", "blue"), DATA);
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), files);
        Files.write(directory.resolve(DATA), new byte[35]);
        refused(
                directory,
                DATA + " has 35 bytes but the network's weights in it need 36; copy it again, it is cut short");
    }

    @Test
    void alteredWeightsAreRejected() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        Files.write(directory.resolve(DATA), new byte[36]);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageStartingWith("Cannot open model package " + directory + ": " + DATA + " has SHA-256 ")
                .hasMessageEndingWith("fetch the package again, or correct the manifest if the change is yours");
    }

    @Test
    void weightsThatAreNotInTheManifestAreRejected() throws Exception {
        Map<String, byte[]> unlisted = TinyModels.with(
                PACKAGE,
                "manifest.json",
                TinyModels.text(PACKAGE, "manifest.json").replaceAll("\"" + DATA + "\": \"[0-9a-f]+\", ", ""));
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), unlisted);
        refused(
                directory,
                "manifest.json does not list " + DATA + "; list it with its SHA-256 " + TinyModels.sha256(PACKAGE, DATA)
                        + ", or remove it");
    }

    @Test
    void weightsThatChangeWhileAJobRunsAreRejected() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        ModelPackage model = open(directory);
        Files.write(directory.resolve(DATA), new byte[40]);

        assertThatThrownBy(model::localWeights)
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining(DATA + " has SHA-256 ")
                .hasMessageContaining("(40 bytes) but had ")
                .hasMessageContaining("(36 bytes) when the job began; leave a package as it is while jobs run");
    }

    @Test
    void weightsThatAWorkerDoesNotSeeAreExplained() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        ModelPackage model = open(directory);
        Files.move(directory, folder.resolve("elsewhere"));

        assertThatThrownBy(model::localWeights)
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("its weights cannot be read on ")
                .hasMessageEndingWith("is not there; put packages with external data where all workers can read them");
    }

    @Test
    void weightsOutsideThePackageAreRejected() throws Exception {
        Files.write(folder.resolve("w.bin"), new byte[36]);
        for (String location : new String[] {"../w.bin", folder.resolve("w.bin").toString(), "a/../../w.bin"}) {
            Map<String, byte[]> files = new TreeMap<>(TinyModels.export("red", "green", "blue"));
            files.put("model.onnx", TinyModels.bytes(TinyModels.external(files, location), "model.onnx"));
            refused(
                    TinyModels.writeDirectory(folder.resolve("tiny"), files),
                    "model.onnx names " + location + ", which leaves the package's folder; use plain relative names");
        }
    }

    @Test
    void linksOutOfThePackageAreRejected() throws Exception {
        Path outside = Files.write(folder.resolve("w.bin"), TinyModels.bytes(PACKAGE, DATA));
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), PACKAGE);
        Files.delete(directory.resolve(DATA));
        Files.createSymbolicLink(directory.resolve(DATA), outside);
        refused(
                directory,
                DATA + " is a link to " + outside.toRealPath()
                        + ", outside the package; put the file itself there (cp -L)");
    }

    @Test
    void aZipCannotHoldExternalData() throws Exception {
        refused(
                TinyModels.writeZip(folder.resolve("tiny.zip"), "", PACKAGE),
                DATA + " is external data, which a zip cannot hold; unpack the zip, and give its directory");
    }

    /** Such a file cannot be a protobuf at all; it is sparse, so that the test writes nothing. */
    @Test
    void aNetworkOfMoreThanTwoGibInOneFileIsRejected() throws Exception {
        Path directory = TinyModels.writeDirectory(folder.resolve("tiny"), TinyModels.export("red", "green", "blue"));
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("model.onnx").toFile(), "rw")) {
            file.setLength((2L << 30) + 1);
        }
        refused(
                directory,
                "with model.onnx it holds more than 512 MiB; save a large network with its weights as external data, in"
                        + " model.onnx_data beside it (docs/model-packages.md)");
    }

    @Test
    void weightsLargerThanTheMachineAreRejected() {
        WeightFiles.checkMemory(24L << 30, 24L << 30);
        assertThatThrownBy(() -> WeightFiles.checkMemory(30L << 30, 24L << 30))
                .hasMessage(
                        "its weights take 30,720 MiB but this machine (or container) has 24,576 MiB of memory; use a"
                                + " larger one, a smaller network or fewer entries");
    }

    private static byte[] bytes(ModelPackage model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(model);
        }
        return bytes.toByteArray();
    }

    private static ModelPackage travelled(ModelPackage model) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(model)))) {
            return (ModelPackage) in.readObject();
        }
    }

    private static void refused(Path place, String problem) {
        assertThatThrownBy(() -> open(place))
                .isInstanceOf(ModelPackageException.class)
                .hasMessage("Cannot open model package " + place + ": " + problem);
    }

    private static ModelPackage open(Path place) {
        return ModelPackage.open(place.toString(), new Configuration(false));
    }
}
