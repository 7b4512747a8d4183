package io.planisphere.infer;

import io.planisphere.model.ModelPackage;
import io.planisphere.onnx.ExternalData;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The weights that a network keeps outside its own file, as local files, which ONNX Runtime maps into memory: in place if the
 * package is on a local disk, otherwise fetched once per JVM into a temporary folder, which is deleted when the JVM ends.
 *
 * @param folder folder with the files
 * @param names file name in the folder by name in the package; empty if they are the same
 */
record Weights(Path folder, Map<String, String> names) {
    private static final Map<String, Weights> READY = new ConcurrentHashMap<>();
    private static final Map<Path, Boolean> FETCHED = new ConcurrentHashMap<>();

    /** Option of ONNX Runtime: the folder with the external data of a network. */
    private static final String OPTION = "session.model_external_initializers_file_folder_path";

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> FETCHED.keySet().forEach(Weights::delete), "planisphere-weights"));
    }

    Weights {
        names = Map.copyOf(names);
    }

    /**
     * Returns the weights of a package; empty if its network has all of them in its own file. The first caller of a JVM waits until
     * they are fetched and compared with their digests.
     *
     * @throws io.planisphere.model.ModelPackageException if they are not those of the package, or do not fit into memory
     * @throws EngineFailure if they cannot be stored
     */
    static Optional<Weights> of(ModelPackage model) {
        return model.weightFiles().isEmpty()
                ? Optional.empty()
                : Optional.of(READY.computeIfAbsent(model.location() + " " + model.digest(), key -> ready(model)));
    }

    private static Weights ready(ModelPackage model) {
        model.checkWeightsFitMemory();
        return model.localWeights().map(folder -> new Weights(folder, Map.of())).orElseGet(() -> fetched(model));
    }

    /** Names in a package are untrusted input, so that the copies are numbered. */
    private static Weights fetched(ModelPackage model) {
        List<String> files = model.weightFiles();
        Map<String, String> names = new HashMap<>();
        Path folder = null;
        try {
            folder = Files.createTempDirectory("planisphere-weights");
            FETCHED.put(folder, true);
            for (int i = 0; i < files.size(); i++) {
                String name = Integer.toString(i);
                try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
                    model.copyWeights(files.get(i), out);
                }
                names.put(files.get(i), name);
            }
            return new Weights(folder, names);
        } catch (IOException e) {
            throw new EngineFailure(
                    "The weights of %s cannot be fetched into the temporary folder %s: %s"
                            .formatted(model.location(), System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        } finally {
            if (folder != null && names.size() < files.size()) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            return; // it is in the temporary folder of the machine; another attempt would end in the same way
        }
        FETCHED.remove(folder);
    }

    /** Returns the network with the names that its weights have here. */
    byte[] in(byte[] network) {
        return names.isEmpty()
                ? network
                : ExternalData.moved("The network", network, name -> names.getOrDefault(name, name));
    }

    /** Returns the options of a session that finds the weights. */
    Map<String, String> configuration() {
        return Map.of(OPTION, folder.toString());
    }
}
