package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.onnx.OnnxFeatures;
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
    private final transient byte[] network;
    private final transient OnnxModel structure;
    private final transient String name;
    private final transient String version;
    private final transient Declaration declaration;
    private final transient Preprocessing preprocessing;
    private final transient Signature signature;
    private final transient List<String> labels;
    private final transient double temperature;
    private final transient List<Golden> goldens;
    private final transient FaceAttributes attributes;
    private final transient ClassChecks classes;
    private final transient Optional<DetectionChecks> detector;
    private final transient String digest;

    private ModelPackage(PackageFiles files) {
        this.files = files;
        Optional<Manifest> manifest = files.bytes(PackageFiles.MANIFEST).map(Manifest::parse);
        manifest.ifPresent(listed -> listed.verify(files));
        OnnxModel graph = OnnxModel.read(files.modelName(), files.required(files.modelName()));
        HuggingFaceConfig config =
                files.bytes(PackageFiles.CONFIG).map(HuggingFaceConfig::parse).orElse(HuggingFaceConfig.ABSENT);
        PreprocessorConfig preprocessor = PreprocessorConfig.parse(files.required(PackageFiles.PREPROCESSOR));
        Task ofExport = files.bytes(PackageFiles.CELLS).isPresent() ? Task.LOCATE : Task.CLASSIFY;
        Declaration declared = manifest.map(Manifest::declaration)
                .orElseGet(() -> Declaration.ofExport(graph, ofExport, config, preprocessor.layout()));
        // of a network that scores no classes nobody can tell which layer holds the features
        Optional<OnnxFeatures> features =
                declared.embedding().isPresent() || declared.heads().isEmpty()
                        ? Optional.empty()
                        : OnnxFeatures.of(files.required(files.modelName()), declared.finest());
        this.network = features.map(OnnxFeatures::network).orElseGet(() -> files.required(files.modelName()));
        this.declaration =
                features.map(OnnxFeatures::output).map(declared::withEmbedding).orElse(declared);
        this.preprocessing =
                preprocessor.preprocessing(declaration.layout(), Signature.element(Declaration.onlyInput(graph)));
        this.structure = features.isEmpty() ? graph : OnnxModel.read(files.modelName(), network);
        this.signature = Signature.of(declaration, preprocessing, structure);
        this.attributes =
                manifest.map(Manifest::attributes).orElse(FaceAttributes.NONE).in(structure, preprocessing);
        this.labels = manifest.map(said -> said.labels(config.labels())).orElse(config.labels());
        this.temperature = manifest.map(Manifest::temperature).orElse(1.0);
        this.goldens = manifest.map(Manifest::goldens).orElse(List.of());
        this.name = manifest.map(Manifest::name).orElseGet(() -> new Path(files.location()).getName());
        this.version = manifest.map(Manifest::version).orElse("");
        this.digest = files.digest();
        this.detector = declaration.detection().map(head -> DetectionChecks.of(head, files, labels.size()));
        this.classes = new ClassChecks(task(), heads(), labels, files);
        classes.check();
        detector.ifPresent(checks -> checks.check(preprocessing, signature.detection()));
        Map<String, OptionalInt> widths = new TreeMap<>(signature.widths());
        attributes.heads().forEach(head -> widths.put(head.output(), head.width()));
        goldens.forEach(golden -> golden.checkAgainst(widths));
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

    /**
     * What scores photos. For {@link Task#LOCATE} one head per partition, from coarse to fine; for {@link Task#CLASSIFY}
     * one; none for {@link Task#DETECT}, nor for {@link Task#EMBED}, unless the network has some beside its embedding.
     */
    public List<Head> heads() {
        return signature.heads();
    }

    /** What the network says of a face; no heads unless the manifest names some. */
    public FaceAttributes attributes() {
        return attributes;
    }

    /**
     * Scores are divided by it before the softmax or sigmoid, so that probabilities mean what they say (Guo et al., On Calibration of
     * Modern Neural Networks, ICML 2017, section 4.2); 1 unless the manifest says otherwise.
     */
    public double temperature() {
        return temperature;
    }

    /** How boxes and their scores are read; there if the task is {@link Task#DETECT}. */
    public Optional<DetectionHead> detection() {
        return declaration.detection();
    }

    /** One per box of the network, in its order; empty if boxes are not relative to any. */
    public List<Anchor> anchors() {
        return detector.map(DetectionChecks::anchors).orElse(List.of());
    }

    /** The feature vector that the package names, else what the layer takes that makes the scores. */
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

    /**
     * The cells of a head as their file stands, one line per score. Not to be changed.
     *
     * @throws ModelPackageException if there are none, as there may be if the task is not {@link Task#LOCATE}
     */
    public byte[] cells(Head head) {
        return files.bytes(head.cellsFile())
                .orElseThrow(() ->
                        new ModelPackageException(location(), head.cellsFile() + " is missing; add it to the package"));
    }

    /** A file of the package as it stands, empty if it has none of that name. Not to be changed. */
    public Optional<byte[]> file(String name) {
        return files.bytes(name);
    }

    /** What the network must answer before it sees a photo. */
    public List<Golden> goldens() {
        return goldens;
    }

    /** The network as ONNX, with the embedding among its outputs; not copied, not to be changed. */
    public byte[] model() {
        return network;
    }

    /** The operator that computes an output, as {@link OnnxModel#makers} has it. */
    public Optional<String> maker(String output) {
        return Optional.ofNullable(structure.makers().get(output));
    }

    /**
     * Refuses a package made for another job.
     *
     * @throws ModelPackageException if the package answers another question
     */
    public ModelPackage require(Task task) {
        if (task() != task) {
            String mend = "; give --model a package for " + task.code();
            throw new ModelPackageException(
                    location(), "its task is " + task().code() + " but this job needs " + task.code() + mend);
        }
        return this;
    }

    /**
     * Counts labels and cells against the scores that a run really gave; needed where the graph does not state the width.
     *
     * @param width scores per photo of this head
     * @throws ModelPackageException if they differ
     */
    public void checkWidth(Head head, int width) {
        refusing(() -> classes.checkWidth(head, width));
    }

    /** The same for what describes a face. */
    public void checkWidth(AttributeHead head, int width) {
        refusing(() -> head.checkWidth(width));
    }

    private void refusing(Runnable check) {
        try {
            check.run();
        } catch (PackageProblem e) {
            throw new ModelPackageException(location(), e);
        }
    }

    /**
     * Counts anchors and labels of a detector against what a run really gave, as {@link #checkWidth} does for a head.
     *
     * @param boxValues per photo
     * @param scoreValues per photo
     * @param landmarkValues per photo, if it has landmarks
     * @throws ModelPackageException if they differ
     */
    public void checkDetections(int boxValues, int scoreValues, OptionalInt landmarkValues) {
        refusing(() -> detector.ifPresent(
                checks -> checks.checkCounts(OptionalInt.of(boxValues), OptionalInt.of(scoreValues), landmarkValues)));
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
