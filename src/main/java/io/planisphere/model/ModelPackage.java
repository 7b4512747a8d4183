package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.onnx.ExternalData;
import io.planisphere.onnx.OnnxFeatures;
import io.planisphere.onnx.OnnxModel;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A network with everything needed to run it: graph, preprocessing rule, labels or cells, digest. Its parts have been checked
 * against each other. Immutable; it is serialised as its files and checked again when deserialised. Weights outside the
 * network's file are not part of that: each JVM fetches them itself.
 */
public final class ModelPackage implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient PackageFiles files;
    private final transient byte[] network;
    private final transient OnnxModel structure;
    private final transient String name;
    private final transient String version;
    private final transient Declaration declaration;
    private final transient PreprocessorConfig preprocessor;
    private final transient Preprocessing preprocessing;
    private final transient Signature signature;
    private final transient List<String> labels;
    private final transient double temperature;
    private final transient Decoding decoding;
    private final transient Optional<Retrieval> retrieval;
    private final transient List<Golden> goldens;
    private final transient FaceAttributes attributes;
    private final transient ClassChecks classes;
    private final transient Optional<DetectionChecks> detector;
    private final transient String digest;

    private ModelPackage(PackageFiles files) {
        this.files = files;
        Optional<Manifest> manifest = files.bytes(PackageFiles.MANIFEST).map(Manifest::parse);
        manifest.ifPresent(listed -> listed.verify(files));
        byte[] exported = ExternalData.relativeToPackage(files.modelName(), files.required(files.modelName()));
        OnnxModel plain = OnnxModel.read(files.modelName(), exported);
        HuggingFaceConfig config =
                files.bytes(PackageFiles.CONFIG).map(HuggingFaceConfig::parse).orElse(HuggingFaceConfig.ABSENT);
        this.preprocessor = PreprocessorConfig.of(files);
        Task ofExport = files.bytes(PackageFiles.CELLS).isPresent() ? Task.LOCATE : Task.CLASSIFY;
        Declaration declared = manifest.map(Manifest::declaration)
                .orElseGet(() -> Declaration.ofExport(plain, ofExport, config, preprocessor.layout()));
        this.labels = manifest.map(given -> given.labels(config.labels())).orElse(config.labels());
        byte[] scoring = scoring(exported, plain, declared);
        OnnxModel graph = scoring == exported ? plain : OnnxModel.read(files.modelName(), scoring);
        // without class scores, the layer with the features is unknown
        Optional<OnnxFeatures> features =
                declared.embedding().isPresent() || declared.heads().isEmpty()
                        ? Optional.empty()
                        : OnnxFeatures.of(scoring, declared.finest());
        this.network = features.map(OnnxFeatures::network).orElse(scoring);
        this.declaration =
                features.map(OnnxFeatures::output).map(declared::withEmbedding).orElse(declared);
        this.preprocessing =
                preprocessor.preprocessing(declaration.layout(), Signature.element(Declaration.onlyInput(graph)));
        this.structure = features.isEmpty() ? graph : OnnxModel.read(files.modelName(), network);
        this.signature = Signature.of(declaration, preprocessing, structure);
        this.attributes =
                manifest.map(Manifest::attributes).orElse(FaceAttributes.NONE).in(structure, preprocessing);
        this.temperature = manifest.map(Manifest::temperature).orElse(1.0);
        this.decoding = manifest.map(Manifest::decoding).orElse(Decoding.NONE);
        this.retrieval = manifest.flatMap(Manifest::retrieval);
        this.goldens = manifest.map(Manifest::goldens).orElse(List.of());
        this.name = manifest.map(Manifest::name).orElseGet(() -> new Path(files.location()).getName());
        this.version = manifest.map(Manifest::version).orElse("");
        this.digest = files.digest();
        this.detector = declaration.detection().map(head -> DetectionChecks.of(head, files, labels.size()));
        if (retrieval.isPresent() != files.gallery().isPresent()) {
            throw new PackageProblem(
                    retrieval.isPresent()
                            ? "manifest.json has a gallery but no file " + GalleryFile.NAME
                                    + "; add it, or take the key out"
                            : GalleryFile.NAME
                                    + " needs the key gallery in manifest.json; take the file out, or train again");
        }
        this.classes = new ClassChecks(task(), heads(), labels, files);
        classes.check();
        detector.ifPresent(checks -> checks.check(preprocessing, signature.detection()));
        Map<String, OptionalInt> widths = new TreeMap<>(signature.widths());
        attributes.heads().forEach(head -> widths.put(head.output(), head.width()));
        goldens.forEach(golden -> golden.checkAgainst(widths));
    }

    /** Returns the network, with the head that compares its embedding with a gallery if there is one. */
    private byte[] scoring(byte[] exported, OnnxModel graph, Declaration declared) {
        byte[] network = exported;
        for (Declaration.Scored head : declared.heads()) {
            if (head.gallery().isPresent()) {
                Gallery gallery = head.gallery().get();
                String csv = head.cellsFile();
                int classes =
                        declared.task() == Task.LOCATE ? CellsFile.count(csv, files.required(csv)) : labels.size();
                if (classes == 0 && declared.task() == Task.LOCATE) {
                    throw new PackageProblem(csv + " has no places; give it one line per vector of " + gallery.file());
                }
                long bytes = files.weights().named(gallery.file()).bytes();
                network = gallery.on(graph, head, declared.embedding().orElseThrow(), bytes, classes)
                        .fuse(files.modelName(), network);
            }
        }
        return network;
    }

    /** Reads the vectors of a gallery, which only the process that opens the package does. */
    private void checkVectors() throws IOException {
        for (Declaration.Scored head : declaration.heads()) {
            if (head.gallery().isPresent()) {
                Gallery gallery = head.gallery().get();
                gallery.checkVectors(
                        files.weights().open(gallery.file()),
                        embedding().orElseThrow().width().orElseThrow());
            }
        }
    }

    /**
     * Opens a package.
     *
     * @param location a directory or a zip on any Hadoop file system, or {@code builtin:NAME}
     * @throws ModelPackageException if it cannot be read, or its parts do not fit each other
     */
    public static ModelPackage open(String location, Configuration hadoop) {
        try {
            ModelPackage opened = new ModelPackage(PackageFiles.read(location, hadoop));
            opened.checkVectors();
            return opened;
        } catch (PackageProblem | IOException | IllegalArgumentException e) {
            throw new ModelPackageException(location, e);
        }
    }

    /**
     * Opens an export whose config.json lacks labels, or has others.
     *
     * @param labels one per class, in the order of the scores
     * @throws ModelPackageException as {@link #open}
     */
    public static ModelPackage open(String location, List<String> labels, Configuration hadoop) {
        try {
            PackageFiles read = PackageFiles.read(location, hadoop);
            return new ModelPackage(read.with(
                    PackageFiles.CONFIG, HuggingFaceConfig.labelled(read.bytes(PackageFiles.CONFIG), labels)));
        } catch (PackageProblem | IOException | IllegalArgumentException e) {
            throw new ModelPackageException(location, e);
        }
    }

    /** Returns the licence of the weights that manifest.json, or timm's config.json, states; empty if neither does. */
    public Optional<String> licence() {
        return files.bytes(PackageFiles.MANIFEST)
                .map(bytes -> JsonObject.parse(PackageFiles.MANIFEST, bytes).text("licence"))
                .or(() -> files.bytes(PackageFiles.CONFIG)
                        .flatMap(bytes -> TimmConfig.licence(JsonObject.parse(PackageFiles.CONFIG, bytes))));
    }

    /** Returns the name in the manifest; without a manifest, the last part of the location. */
    public String name() {
        return name;
    }

    /** Returns the version in the manifest; empty without a manifest. */
    public String version() {
        return version;
    }

    /** Returns the location as given to {@link #open}. */
    public String location() {
        return files.location();
    }

    /** Returns the SHA-256 over the names and SHA-256 values of all files, the same for a directory and its zip. */
    public String digest() {
        return digest;
    }

    /** Returns the SHA-256 over the preprocessing rule alone, independent of the formatting of its file. */
    public String preprocessingDigest() {
        return PackageFiles.sha256(PreprocessorConfig.canonical(preprocessing).getBytes(StandardCharsets.UTF_8));
    }

    public Task task() {
        return declaration.task();
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /**
     * Returns preprocessor_config.json; if the package has none, because the rule is in its config.json as timm writes it, one
     * with the same rule. The caller must not modify the bytes.
     */
    public byte[] preprocessorConfig() {
        return files.bytes(PackageFiles.PREPROCESSOR).orElseGet(preprocessor::toBytes);
    }

    /** Returns the name of the input tensor for photos. */
    public String input() {
        return declaration.input();
    }

    /**
     * Returns the heads with class scores. For {@link Task#LOCATE} one head per partition, from coarse to fine; for {@link
     * Task#CLASSIFY} one; none for {@link Task#DETECT}; for {@link Task#EMBED} only those that the network has besides its
     * embedding.
     */
    public List<Head> heads() {
        return signature.heads();
    }

    /** Returns the face attributes; without heads unless the manifest has some. */
    public FaceAttributes attributes() {
        return attributes;
    }

    /**
     * Returns the divisor of scores before the softmax or sigmoid, which calibrates probabilities (Guo et al., On Calibration of
     * Modern Neural Networks, ICML 2017, section 4.2); 1 by default.
     */
    public double temperature() {
        return temperature;
    }

    /** Returns how probabilities over cells become a place and radii. */
    public Decoding decoding() {
        return decoding;
    }

    /** Returns how the gallery is used; present if and only if {@link #gallery} is. */
    public Optional<Retrieval> retrieval() {
        return retrieval;
    }

    /** Returns the gallery of a geolocator that has one. */
    public Optional<GalleryFile> gallery() {
        return files.gallery();
    }

    /** Returns the interpretation of boxes and their scores; present if the task is {@link Task#DETECT}. */
    public Optional<DetectionHead> detection() {
        return declaration.detection();
    }

    /** Returns one anchor per box of the network, in its order; empty if boxes are not relative to anchors. */
    public List<Anchor> anchors() {
        return detector.map(DetectionChecks::anchors).orElse(List.of());
    }

    /** Returns the feature vector that the package declares, otherwise the input of the layer that computes the scores. */
    public Optional<Embedding> embedding() {
        return signature.embedding();
    }

    /**
     * Returns the maximum number of photos per call: 1 if the graph fixes the batch size to 1, otherwise {@link
     * Integer#MAX_VALUE}.
     */
    public int maxBatch() {
        return signature.maxBatch();
    }

    /** Returns the labels in the order of the scores; empty if the package has none. */
    public List<String> labels() {
        return labels;
    }

    /**
     * Returns the cells file of a head, with one line per score. The caller must not modify it.
     *
     * @throws ModelPackageException if there are none, which is possible if the task is not {@link Task#LOCATE}
     */
    public byte[] cells(Head head) {
        return files.bytes(head.cellsFile())
                .orElseThrow(() ->
                        new ModelPackageException(location(), head.cellsFile() + " is missing; add it to the package"));
    }

    /** Returns the bytes of a file in the package; empty if it has none of that name. The caller must not modify them. */
    public Optional<byte[]> file(String name) {
        return files.bytes(name);
    }

    /** Returns the golden vectors, which a session verifies before the first photo. */
    public List<Golden> goldens() {
        return goldens;
    }

    /** Returns the network as ONNX, with the embedding among its outputs. It is not copied; the caller must not modify it. */
    public byte[] model() {
        return network;
    }

    /**
     * Returns the folder relative to which {@link #model} names the files with its weights, if that is on a local disk.
     *
     * @throws ModelPackageException if they are not those that the package was opened with
     */
    public Optional<java.nio.file.Path> localWeights() {
        try {
            return files.weights().local();
        } catch (PackageProblem | IOException e) {
            throw new ModelPackageException(location(), e);
        }
    }

    /**
     * Checks that the files with weights fit into the memory of this machine.
     *
     * @throws ModelPackageException if they do not
     */
    public void checkWeightsFitMemory() {
        refusing(files.weights()::checkMemory);
    }

    /** Returns the names of the files outside {@link #model} that hold weights, as it names them. */
    public List<String> weightFiles() {
        return files.weights().files().stream().map(WeightFile::name).toList();
    }

    /** Returns the size of the files with weights. */
    public long weightBytes() {
        return files.weights().files().stream().mapToLong(WeightFile::bytes).sum();
    }

    /**
     * Copies a file with weights.
     *
     * @param name one of {@link #weightFiles}
     * @return its SHA-256
     */
    public String copyWeights(String name, OutputStream to) throws IOException {
        WeightFile file = files.weights().named(name);
        try {
            files.weights().copy(file, to);
        } catch (PackageProblem e) {
            throw new ModelPackageException(location(), e);
        }
        return file.sha256();
    }

    /** Returns the operator that computes an output, see {@link OnnxModel#makers}. */
    public Optional<String> maker(String output) {
        return Optional.ofNullable(structure.makers().get(output));
    }

    /**
     * Checks that the package is for a task.
     *
     * @throws ModelPackageException if the package is for another task
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
     * Checks the number of labels and cells against the scores of a run; needed if the graph does not declare the width.
     *
     * @param width scores per photo of this head
     * @throws ModelPackageException if they differ
     */
    public void checkWidth(Head head, int width) {
        refusing(() -> classes.checkWidth(head, width));
    }

    /** Checks the labels of a face attribute against the values of a run. */
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
     * Checks the number of anchors and labels of a detector against the values of a run, as {@link #checkWidth} does for a head.
     *
     * @param boxValues box values per photo
     * @param scoreValues score values per photo
     * @param landmarkValues landmark values per photo, if it has landmarks
     * @throws ModelPackageException if they differ
     */
    public void checkDetections(int boxValues, int scoreValues, OptionalInt landmarkValues) {
        refusing(() -> detector.ifPresent(
                checks -> checks.checkCounts(OptionalInt.of(boxValues), OptionalInt.of(scoreValues), landmarkValues)));
    }

    private Object writeReplace() {
        return new Shipped(
                files.location(),
                new TreeMap<>(files.all()),
                files.weights(),
                files.gallery().orElse(null));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("A model package travels as its files");
    }

    /** The serialised form. */
    private record Shipped(
            String location,
            TreeMap<String, byte[]> files,
            WeightFiles weights,
            @Nullable GalleryFile gallery) implements Serializable {
        private Object readResolve() {
            return new ModelPackage(new PackageFiles(location, files, weights, Optional.ofNullable(gallery)));
        }
    }
}
