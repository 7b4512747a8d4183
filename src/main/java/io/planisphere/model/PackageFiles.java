package io.planisphere.model;

import io.planisphere.onnx.ExternalData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of a package: the known ones and those that its manifest lists. They are in memory, but for weights that the network
 * keeps outside its own file. Other files in the folder (other exports, read-mes) are not read.
 */
final class PackageFiles {
    static final String MANIFEST = "manifest.json";
    static final String CONFIG = "config.json";
    static final String PREPROCESSOR = "preprocessor_config.json";
    static final String CELLS = "cells.csv";
    static final String MODEL = "model.onnx";

    /** The path of the network in Hugging Face exports. */
    static final String MODEL_IN_FOLDER = "onnx/model.onnx";

    /** Maximum size of what is in memory, which protects the heap against a wrong folder and keeps broadcasts small. */
    static final long MAX_BYTES = 512L << 20;

    private final String location;
    private final SortedMap<String, byte[]> files;
    private final WeightFiles weights;
    private final Optional<GalleryFile> gallery;

    PackageFiles(String location, SortedMap<String, byte[]> files, WeightFiles weights, Optional<GalleryFile> gallery) {
        this.location = location;
        this.files = files;
        this.weights = weights;
        this.gallery = gallery;
    }

    /**
     * Reads a package's files.
     *
     * @param location a directory, a zip file, or {@code builtin:NAME}
     */
    static PackageFiles read(String location, Configuration hadoop) throws IOException {
        return read(location, FileSource.at(location, hadoop, MAX_BYTES), MAX_BYTES, hadoop);
    }

    static PackageFiles read(String location, FileSource source, long maxBytes, Configuration hadoop)
            throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        long left = maxBytes;
        Optional<Manifest> manifest = Optional.empty();
        for (String name : List.of(MANIFEST, MODEL, MODEL_IN_FOLDER)) {
            Optional<byte[]> bytes = name.equals(MODEL_IN_FOLDER) && files.containsKey(MODEL)
                    ? Optional.empty()
                    : source.read(name, left);
            bytes.ifPresent(content -> files.put(name, content));
            left -= bytes.map(content -> content.length).orElse(0);
            if (name.equals(MANIFEST)) {
                manifest = bytes.map(Manifest::parse);
            }
        }
        Set<String> names = new TreeSet<>(Set.of(CONFIG, PREPROCESSOR, CELLS));
        manifest.ifPresent(listing -> names.addAll(listing.files().keySet()));
        Map<String, Long> outside = weights(files);
        manifest.ifPresent(listing -> listing.galleries().forEach(gallery -> outside.put(gallery, 0L)));
        names.removeAll(outside.keySet());
        names.removeAll(files.keySet());
        Optional<GalleryFile> gallery =
                names.remove(GalleryFile.NAME) ? GalleryFile.of(location, source, hadoop) : Optional.empty();
        for (String name : names) {
            Optional<byte[]> bytes = source.read(name, left);
            bytes.ifPresent(content -> files.put(name, content));
            left -= bytes.map(content -> content.length).orElse(0);
        }
        return new PackageFiles(location, files, WeightFiles.read(location, source, outside, hadoop), gallery);
    }

    /** Returns the smallest sizes of the files that the network keeps weights in, by their names in the package. */
    private static Map<String, Long> weights(SortedMap<String, byte[]> files) {
        Map<String, Long> weights = new TreeMap<>();
        for (String model : List.of(MODEL, MODEL_IN_FOLDER)) {
            byte[] network = files.get(model);
            if (network != null) {
                String folder = model.substring(0, model.lastIndexOf('/') + 1);
                ExternalData.files(model, network)
                        .forEach((name, bytes) -> weights.put(folder + FileSource.checkName(name, model), bytes));
            }
        }
        return weights;
    }

    String location() {
        return location;
    }

    /** Returns the bytes of all files in memory by name. They are not copied; the caller must not modify them. */
    SortedMap<String, byte[]> all() {
        return files;
    }

    Optional<GalleryFile> gallery() {
        return gallery;
    }

    WeightFiles weights() {
        return weights;
    }

    /** Returns the SHA-256 of every file by name. */
    SortedMap<String, String> digests() {
        SortedMap<String, String> digests = new TreeMap<>();
        files.forEach((name, bytes) -> digests.put(name, sha256(bytes)));
        weights.files().forEach(file -> digests.put(file.name(), file.sha256()));
        gallery.ifPresent(file -> digests.put(GalleryFile.NAME, file.sha256()));
        return digests;
    }

    /** Returns the same files with one in memory added or replaced. */
    PackageFiles with(String name, byte[] content) {
        SortedMap<String, byte[]> changed = new TreeMap<>(files);
        changed.put(name, content);
        return new PackageFiles(location, changed, weights, gallery);
    }

    Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(files.get(name));
    }

    byte[] required(String name) {
        return bytes(name).orElseThrow(() -> new PackageProblem(name + " is missing; add it to the package"));
    }

    /** Returns the network's file: model.onnx, or onnx/model.onnx as in Hugging Face exports. */
    String modelName() {
        return files.containsKey(MODEL_IN_FOLDER) && !files.containsKey(MODEL) ? MODEL_IN_FOLDER : MODEL;
    }

    /**
     * Returns the SHA-256 over one line {@code <sha256>  <name>} per file, sorted by name: the output of {@code sha256sum} for
     * the files, piped through {@code sha256sum} again.
     */
    String digest() {
        StringBuilder list = new StringBuilder();
        digests()
                .forEach((name, sha256) ->
                        list.append(sha256).append("  ").append(name).append('\n'));
        return sha256(list.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a SHA-256 in lower-case hexadecimal. */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
