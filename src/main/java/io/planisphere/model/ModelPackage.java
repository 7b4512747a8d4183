package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.onnx.OnnxModel;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A network with all that is needed to run it: graph, preprocessing rule, labels or cells, digest. Its parts have been
 * checked against each other. Immutable; it serializes as its files and checks itself again where it arrives.
 */
public final class ModelPackage implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient PackageFiles files;
    private final transient String name;
    private final transient String version;
    private final transient Declaration declaration;
    private final transient Preprocessing preprocessing;
    private final transient Signature signature;
    private final transient List<String> labels;
    private final transient OptionalInt cells;
    private final transient List<Golden> goldens;
    private final transient String digest;

    private ModelPackage(PackageFiles files) {
        this.files = files;
        Optional<Manifest> manifest = files.bytes(PackageFiles.MANIFEST).map(Manifest::parse);
        manifest.ifPresent(listed -> listed.verify(files));
        OnnxModel graph = graph(files);
        HuggingFaceConfig config =
                files.bytes(PackageFiles.CONFIG).map(HuggingFaceConfig::parse).orElse(HuggingFaceConfig.ABSENT);
        PreprocessorConfig preprocessor = PreprocessorConfig.parse(files.required(PackageFiles.PREPROCESSOR));
        this.cells = files.bytes(PackageFiles.CELLS)
                .map(csv -> OptionalInt.of(CellsFile.count(csv)))
                .orElse(OptionalInt.empty());
        this.declaration = manifest.map(Manifest::declaration)
                .orElseGet(() -> Declaration.ofExport(
                        graph, cells.isPresent() ? Task.LOCATE : Task.CLASSIFY, config, preprocessor.layout()));
        this.preprocessing = preprocessor.preprocessing(declaration.layout());
        this.signature = Signature.of(declaration, preprocessing, graph);
        this.labels = config.labels();
        this.goldens = manifest.map(Manifest::goldens).orElse(List.of());
        this.name = manifest.map(Manifest::name).orElseGet(() -> new Path(files.location()).getName());
        this.version = manifest.map(Manifest::version).orElse("");
        this.digest = files.digest();
        checkClasses();
        goldens.forEach(this::checkGolden);
    }

    /**
     * Opens a package.
     *
     * @param location a directory or a zip on any Hadoop file system, or {@code builtin:NAME}
     * @throws ModelPackageException if it cannot be read, or its parts do not fit each other
     */
    public static ModelPackage open(String location, Configuration hadoop) {
        try {
            return new ModelPackage(PackageFiles.read(location, hadoop));
        } catch (PackageProblem | IOException | IllegalArgumentException e) {
            throw new ModelPackageException(location, e);
        }
    }

    /** As the manifest says; without one, the last part of the location. */
    public String name() {
        return name;
    }

    /** As the manifest says; empty without one. */
    public String version() {
        return version;
    }

    /** As it was given to {@link #open}. */
    public String location() {
        return files.location();
    }

    /** SHA-256 over the names and SHA-256 of all files, the same for a directory and its zip. */
    public String digest() {
        return digest;
    }

    /** SHA-256 over the preprocessing rule alone, whatever the spelling of the file that states it. */
    public String preprocessingDigest() {
        return PackageFiles.sha256(PreprocessorConfig.canonical(preprocessing).getBytes(StandardCharsets.UTF_8));
    }

    public Task task() {
        return declaration.task();
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** Name of the tensor that takes the photos. */
    public String input() {
        return declaration.input();
    }

    /** Present unless the task is {@link Task#EMBED}. */
    public Optional<Scores> scores() {
        return signature.scores();
    }

    public Optional<Embedding> embedding() {
        return signature.embedding();
    }

    /** Photos that one call may take: 1 where the graph fixes it, else {@link Integer#MAX_VALUE}. */
    public int maxBatch() {
        return signature.maxBatch();
    }

    /** In the order of the scores; empty if the package names none. */
    public List<String> labels() {
        return labels;
    }

    /** cells.csv as it stands, one line per score; present if the task is {@link Task#LOCATE}. Not to be changed. */
    public Optional<byte[]> cells() {
        return files.bytes(PackageFiles.CELLS);
    }

    /** What the network must answer before it sees a photo. */
    public List<Golden> goldens() {
        return goldens;
    }

    /** The ONNX file; not copied, not to be changed. */
    public byte[] model() {
        return files.required(files.modelName());
    }

    /**
     * Refuses a package made for another job.
     *
     * @throws ModelPackageException if the package answers another question
     */
    public ModelPackage require(Task task) {
        if (declaration.task() != task) {
            throw new ModelPackageException(
                    location(),
                    "its task is " + declaration.task().code() + " but this job needs " + task.code()
                            + "; give --model a package for " + task.code());
        }
        return this;
    }

    /**
     * Counts labels and cells against the scores that a run really gave; needed where the graph does not state the width.
     *
     * @param width scores per photo
     * @throws ModelPackageException if they differ
     */
    public void checkWidth(int width) {
        try {
            count(width);
        } catch (PackageProblem e) {
            throw new ModelPackageException(location(), e);
        }
    }

    private static OnnxModel graph(PackageFiles files) {
        String model = files.modelName();
        return OnnxModel.read(model, files.required(model));
    }

    private void checkClasses() {
        if (task() == Task.LOCATE && cells.isEmpty()) {
            throw new PackageProblem("cells.csv is missing; a package with task locate needs its cells");
        }
        if (task() == Task.CLASSIFY && labels.isEmpty()) {
            throw new PackageProblem("config.json names no labels; a package with task classify needs id2label");
        }
        scores().ifPresent(scores -> scores.width().ifPresent(this::count));
    }

    private void count(int width) {
        String output = scores().map(Scores::output).orElse("");
        if (!labels.isEmpty() && labels.size() != width) {
            throw new PackageProblem("config.json names " + labels.size() + " labels but output " + output + " has "
                    + width + "; fix id2label");
        }
        if (cells.isPresent() && cells.getAsInt() != width) {
            throw new PackageProblem("cells.csv has " + cells.getAsInt() + " cells but output " + output + " has "
                    + width + "; give it one line per score");
        }
    }

    private void checkGolden(Golden golden) {
        Map<String, OptionalInt> widths = new TreeMap<>();
        scores().ifPresent(scores -> widths.put(scores.output(), scores.width()));
        embedding().ifPresent(embedding -> widths.put(embedding.output(), embedding.width()));
        OptionalInt width = widths.get(golden.output());
        if (width == null) {
            throw new PackageProblem("manifest.json has golden values for " + golden.output()
                    + ", which is none of its outputs " + String.join(", ", widths.keySet()) + "; fix golden.output");
        }
        if (width.orElse(golden.values().size()) != golden.values().size()) {
            throw new PackageProblem("manifest.json has " + golden.values().size() + " golden values for "
                    + golden.output() + ", which has " + width.getAsInt() + "; give all of one photo's");
        }
    }

    private Object writeReplace() {
        return new Shipped(files.location(), new TreeMap<>(files.all()));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("A model package travels as its files");
    }

    /** The serial form. */
    private record Shipped(String location, TreeMap<String, byte[]> files) implements Serializable {
        private Object readResolve() {
            return new ModelPackage(new PackageFiles(location, files));
        }
    }
}
