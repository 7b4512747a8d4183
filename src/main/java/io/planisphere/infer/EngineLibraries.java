package io.planisphere.infer;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks ONNX Runtime's native libraries once per machine and version, into JavaCPP's cache, where those of OpenCV are as well
 * ({@code ~/.javacpp/cache}, or else the temporary directory). ONNX Runtime itself would unpack them in each process, and leave
 * their folder behind. JavaCPP lets two processes unpack safely at once, and unpacks a damaged file again.
 */
final class EngineLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLibraries.class);
    private static final String FOLDER = "onnxruntime.native.path";

    /** The libraries in ONNX Runtime's jars; the last ones only in the jar for GPUs. */
    private static final List<String> NAMES = List.of(
            "onnxruntime4j_jni",
            "onnxruntime",
            "onnxruntime_providers_shared",
            "onnxruntime_providers_cuda",
            "onnxruntime_providers_tensorrt");

    private EngineLibraries() {}

    /** Unpacks what the jar contains for this platform; must be called before any class of ONNX Runtime is initialised. */
    static void unpack() {
        if (System.getProperty(FOLDER) != null) {
            return;
        }
        try {
            File folder = null;
            for (String name : NAMES) {
                URL library = resource(name);
                if (library != null) {
                    folder = Loader.cacheResource(library).getParentFile();
                }
            }
            if (folder != null) {
                System.setProperty(FOLDER, folder.getPath());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "ONNX Runtime's libraries are unpacked by itself, since they could not be cached: {}",
                    e.toString());
        }
    }

    private static @Nullable URL resource(String library) {
        return EngineLibraries.class.getResource(
                "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library));
    }

    /** The name of this platform in ONNX Runtime's jar. */
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String folder = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
        return folder + (processor.equals("aarch64") || processor.equals("arm64") ? "-aarch64" : "-x64");
    }
}
