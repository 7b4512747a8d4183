package io.planisphere.infer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code onnxruntime-java…} in the temporary directory, into which ONNX Runtime unpacks its libraries. ONNX Runtime
 * relies on {@link java.io.File#deleteOnExit}, which tries to delete the folder before its contents, so the folder remains.
 */
final class EngineFolder {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFolder.class);

    private EngineFolder() {}

    /** Deletes the folder with its contents, if there is one; no call of the engine may be running. */
    static void delete() {
        try {
            Optional<Path> folder = unpacked();
            if (folder.isPresent() && Files.exists(folder.get())) {
                for (Path each : inside(folder.get())) {
                    Files.delete(each);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The folder of ONNX Runtime's libraries stays where it is: {}", e.toString());
        }
    }

    /** Returns the folder and its contents, innermost first. */
    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Finds the folder, which ONNX Runtime does not expose; empty if it is not found or nothing was unpacked yet. */
    private static Optional<Path> unpacked() {
        try {
            Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            folder.setAccessible(true);
            return Optional.ofNullable((Path) folder.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("This ONNX Runtime does not say where its libraries are", e);
            return Optional.empty();
        }
    }
}
