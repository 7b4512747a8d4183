package io.planisphere.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** A copy of the built-in geolocator that a test may modify. */
record ModelFolder(Path folder) {
    static ModelFolder copied(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path source = Path.of("src/main/resources/models/earth");
        for (String file :
                List.of("cells.csv", "config.json", "manifest.json", "model.onnx", "preprocessor_config.json")) {
            Files.copy(source.resolve(file), folder.resolve(file));
        }
        return new ModelFolder(folder);
    }

    /** Changes the model as its owner would: the manifest has the new digest. */
    void alter() throws Exception {
        Path config = folder.resolve("config.json");
        String before = sha256(config);
        Files.writeString(config, Files.readString(config) + "\n");
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace(before, sha256(config)));
    }

    void delete() throws IOException {
        Files.delete(folder.resolve("model.onnx"));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
