package io.planisphere.model;

import io.planisphere.image.Preprocessing.Layout;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * manifest.json, the format of this project: the meaning of the graph's tensors, and the SHA-256 of every file.
 *
 * <p>{@code licence}, {@code source} and {@code training} are for readers only and are not kept.
 *
 * @param files SHA-256 in lower-case hexadecimal by file name
 */
record Manifest(
        String name,
        String version,
        Declaration declaration,
        double temperature,
        Map<String, String> files,
        List<Golden> goldens,
        FaceAttributes attributes,
        Optional<LabelMap> labelMap,
        Decoding decoding,
        Optional<Retrieval> retrieval) {
    private static final int FORMAT = 1;

    // keys of a head that is a gallery
    private static final String VECTORS = "vectors";
    private static final String SCALE = "scale";

    private static final Set<String> KEYS = Set.of(
            "format",
            "name",
            "version",
            "task",
            "input",
            "outputs",
            "temperature",
            "files",
            "licence",
            "source",
            "training",
            "golden");

    static Manifest parse(byte[] bytes) {
        JsonObject json = JsonObject.parse(PackageFiles.MANIFEST, bytes);
        if (json.wholeNumber("format", 1) != FORMAT) {
            throw json.problem("format", "is newer than the format " + FORMAT + " read here; update Planisphere");
        }
        Set<String> known = new HashSet<>(KEYS);
        String task = json.optionalText("task").orElse("");
        if (task.equals(Task.DETECT.code())) {
            known.add(DetectionKeys.LIMITS);
            known.add(LabelMap.KEY);
        }
        if (task.equals(Task.ATTRIBUTES.code())) {
            known.add(FaceAttributes.FACE);
        }
        if (task.equals(Task.LOCATE.code())) {
            known.add(Decoding.KEY);
            known.add(Retrieval.KEY);
        }
        json.allowOnly(known);
        json.text("licence"); // required: weights without stated terms must not be distributed
        return new Manifest(
                json.text("name"),
                json.text("version"),
                declaration(json),
                temperature(json),
                files(json.object("files")),
                json.objects("golden").stream().map(Manifest::golden).toList(),
                FaceAttributes.of(json),
                json.has(LabelMap.KEY) ? Optional.of(json.constant(LabelMap.KEY, LabelMap.class)) : Optional.empty(),
                Decoding.of(json),
                json.optionalObject(Retrieval.KEY).map(Retrieval::of));
    }

    /**
     * Returns the labels of the network.
     *
     * @param listed labels of config.json
     */
    List<String> labels(List<String> listed) {
        if (labelMap.isPresent() && !listed.isEmpty()) {
            throw new PackageProblem(
                    "manifest.json names a label_map and config.json has id2label; take one of them out");
        }
        return labelMap.map(LabelMap::labels).orElse(listed);
    }

    /** Checks every file against its SHA-256, and that no file is missing or unlisted. */
    void verify(PackageFiles contents) {
        Map<String, String> digests = contents.digests();
        files.forEach((name, listed) -> {
            String actual = digests.get(name);
            if (actual == null) {
                throw new PackageProblem("manifest.json lists " + name + ", which is missing; add it to the package");
            }
            if (!actual.equals(listed)) {
                throw new PackageProblem(name + " has SHA-256 " + actual + " but manifest.json says " + listed
                        + "; fetch the package again, or correct the manifest if the change is yours");
            }
        });
        digests.forEach((name, sha256) -> {
            if (!name.equals(PackageFiles.MANIFEST) && !files.containsKey(name)) {
                throw new PackageProblem("manifest.json does not list " + name + "; list it with its SHA-256 " + sha256
                        + ", or remove it");
            }
        });
    }

    private static Declaration declaration(JsonObject json) {
        Task task = json.constant("task", Task.class);
        JsonObject input = json.object("input");
        input.allowOnly(Set.of("name", "layout"));
        Layout layout = switch (input.text("layout")) {
            case "NCHW" -> Layout.NCHW;
            case "NHWC" -> Layout.NHWC;
            default -> throw input.problem("layout", "must be NCHW or NHWC");
        };
        JsonObject outputs = json.object("outputs");
        Optional<String> embedding = outputs.optionalObject("embedding").map(named -> {
            named.allowOnly(Set.of("name"));
            return named.text("name");
        });
        if (task == Task.DETECT) {
            DetectionHead detection = DetectionKeys.read(json);
            return new Declaration(task, input.text("name"), layout, List.of(), embedding, Optional.of(detection));
        }
        String needed = switch (task) {
            case EMBED -> "embedding";
            case ATTRIBUTES -> "attributes";
            default -> "scores";
        };
        outputs.allowOnly(Set.of(task == Task.ATTRIBUTES ? "attributes" : "scores", "embedding"));
        if (!outputs.has(needed)) {
            throw json.problem("task", "needs outputs." + needed + "; name the graph's output there");
        }
        return new Declaration(task, input.text("name"), layout, heads(outputs), embedding, Optional.empty());
    }

    private static List<Declaration.Scored> heads(JsonObject outputs) {
        List<JsonObject> heads = outputs.oneOrMoreObjects("scores");
        List<Declaration.Scored> scored = heads.stream().map(Manifest::head).toList();
        boolean hasGallery = scored.stream().anyMatch(head -> head.gallery().isPresent());
        if (hasGallery && scored.size() > 1) {
            throw outputs.problem("scores", "must be one head if it has " + VECTORS);
        }
        if (hasGallery && !outputs.has("embedding")) {
            throw outputs.problem(
                    "scores",
                    "has " + VECTORS + " but no embedding is compared with them; name it in outputs.embedding");
        }
        if (scored.stream().map(Declaration.Scored::name).distinct().count() < scored.size()) {
            throw outputs.problem("scores", "must name each output once");
        }
        if (heads.size() > 1
                && scored.stream().map(Declaration.Scored::cellsFile).distinct().count() < scored.size()) {
            throw outputs.problem("scores", "must give each of several heads cells of its own");
        }
        return scored;
    }

    private static Declaration.Scored head(JsonObject head) {
        head.allowOnly(Set.of("name", "activation", "cells", VECTORS, SCALE));
        Optional<Gallery> gallery = head.optionalText(VECTORS)
                .map(file -> new Gallery(FileSource.checkName(file, PackageFiles.MANIFEST), head.number(SCALE)));
        if (gallery.filter(given -> given.scale() <= 0).isPresent()) {
            throw head.problem(SCALE, "must be above 0");
        }
        if (gallery.isEmpty() && head.has(SCALE)) {
            throw head.problem(SCALE, "belongs to a head with " + VECTORS + "; name their file, or take it out");
        }
        return new Declaration.Scored(
                gallery.isPresent() ? head.optionalText("name").orElse(Gallery.OUTPUT) : head.text("name"),
                head.constant("activation", Activation.class),
                head.optionalText("cells").orElse(PackageFiles.CELLS),
                gallery);
    }

    /** Returns the files with the vectors of heads that are galleries. */
    Set<String> galleries() {
        return declaration.heads().stream()
                .flatMap(head -> head.gallery().stream())
                .map(Gallery::file)
                .collect(Collectors.toSet());
    }

    private static double temperature(JsonObject json) {
        double temperature = json.has("temperature") ? json.number("temperature") : 1;
        if (temperature <= 0) {
            throw json.problem("temperature", "must be above 0");
        }
        return temperature;
    }

    private static Map<String, String> files(JsonObject json) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : json.keys()) {
            String sha256 = json.text(name);
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw json.problem(name, "must be a SHA-256 in lower-case hexadecimal, 64 characters");
            }
            files.put(FileSource.checkName(name, PackageFiles.MANIFEST), sha256);
        }
        return files;
    }

    private static Golden golden(JsonObject json) {
        json.allowOnly(Set.of("pattern", "output", "values", "tolerance"));
        if (!json.text("pattern").equals("ramp")) {
            throw json.problem("pattern", "must be ramp");
        }
        if (json.number("tolerance") <= 0) {
            throw json.problem("tolerance", "must be above 0");
        }
        return new Golden(json.text("output"), json.numbers("values"), json.number("tolerance"));
    }
}
