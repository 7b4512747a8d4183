package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.infer.Proof;
import io.planisphere.model.GalleryFile;
import io.planisphere.model.ModelPackage;
import io.planisphere.onnx.ExternalData;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A new folder for a model package, written atomically: under a temporary name, verified by running it, then renamed. An object
 * store renames file by file, so a crash during the rename can leave some of the files.
 */
public final class PackageFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANIFEST = "manifest.json";

    // Minimum tolerance, for the arithmetic of other machines with the same weights.
    private static final double LEAST_TOLERANCE = 1e-3;

    private final Path path;
    private final Configuration hadoop;

    public PackageFolder(Path path, Configuration hadoop) {
        this.path = path;
        this.hadoop = hadoop;
    }

    public boolean exists() throws IOException {
        return path.getFileSystem(hadoop).exists(path);
    }

    /**
     * Writes the package, and returns it opened.
     *
     * @throws IllegalArgumentException if its parts do not fit each other
     * @throws IOException if the folder exists, or cannot be written
     */
    public ModelPackage write(NewPackage content) throws IOException {
        Map<String, byte[]> files = content.files();
        Map<String, String> digests = new LinkedHashMap<>();
        files.forEach((name, bytes) -> digests.put(name, sha256(bytes)));
        Path unfinished = new Path(path + "._unfinished");
        // a separate instance, because the setting would affect all users of a shared one; packages have no checksum
        // files
        try (FileSystem fs = FileSystem.newInstance(path.toUri(), hadoop)) {
            fs.setWriteChecksum(false);
            fs.delete(unfinished, true);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                write(fs, new Path(unfinished, file.getKey()), file.getValue());
            }
            if (content.weights().isPresent()) {
                copyWeights(content.weights().get(), files, unfinished, fs, digests);
            }
            if (content.gallery().isPresent()) {
                try (OutputStream out = fs.create(new Path(unfinished, GalleryFile.NAME), true)) {
                    content.gallery().get().copyTo(out);
                }
                digests.put(GalleryFile.NAME, content.gallery().get().sha256());
            }
            Path manifest = new Path(unfinished, MANIFEST);
            write(fs, manifest, content.manifest(digests, JSON.createArrayNode()));
            ArrayNode goldens = goldens(ModelPackage.open(unfinished.toString(), hadoop), content);
            write(fs, manifest, content.manifest(digests, goldens));
            // a rename to an existing folder would move into it
            if (fs.exists(path) || !fs.rename(unfinished, path)) {
                throw new IOException("Cannot rename " + unfinished + " to " + path);
            }
        }
        return ModelPackage.open(path.toString(), hadoop);
    }

    /** Copies the weights that the network has outside its own file; it names them as the package does that they are from. */
    private static void copyWeights(
            ModelPackage from, Map<String, byte[]> files, Path to, FileSystem fs, Map<String, String> digests)
            throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".onnx")) {
                for (String name :
                        ExternalData.files(file.getKey(), file.getValue()).keySet()) {
                    try (OutputStream out = fs.create(new Path(to, name), true)) {
                        digests.put(name, from.copyWeights(name, out));
                    }
                }
            }
        }
    }

    private static ArrayNode goldens(ModelPackage model, NewPackage content) {
        ArrayNode goldens = JSON.createArrayNode();
        for (String output : content.outputs()) {
            goldens.add(golden(output, Proof.output(model, output), content.tolerance()));
        }
        return goldens;
    }

    private static ObjectNode golden(String output, float[] values, double tolerance) {
        ObjectNode golden = JSON.createObjectNode().put("pattern", "ramp").put("output", output);
        ArrayNode list = golden.putArray("values");
        double largest = 0;
        for (float value : values) {
            list.add(value);
            largest = Math.max(largest, Math.abs(value));
        }
        return golden.put("tolerance", Math.max(LEAST_TOLERANCE, tolerance * largest));
    }

    private static void write(FileSystem fs, Path file, byte[] bytes) throws IOException {
        try (OutputStream out = fs.create(file, true)) {
            out.write(bytes);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
