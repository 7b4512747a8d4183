package io.planisphere.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of a package, in memory: the known ones and those that its manifest lists. Other files in the folder (other exports,
 * read-mes) are not read.
 */
final class PackageFiles {
    static final String MANIFEST = "manifest.json";
    static final String CONFIG = "config.json";
    static final String PREPROCESSOR = "preprocessor_config.json";
    static final String CELLS = "cells.csv";
    static final String MODEL = "model.onnx";

    /** The path of the network in Hugging Face exports. */
    static final String MODEL_IN_FOLDER = "onnx/model.onnx";

    /** Maximum size, which protects the heap against a wrong folder; a network for executor cores is far smaller. */
    static final long MAX_BYTES = 512L << 20;

    private final String location;
    private final SortedMap<String, byte[]> files;

    PackageFiles(String location, SortedMap<String, byte[]> files) {
        this.location = location;
        this.files = files;
    }

    /**
     * Reads a package's files.
     *
     * @param location a directory, a zip file, or {@code builtin:NAME}
     */
    static PackageFiles read(String location, Configuration hadoop) throws IOException {
        return read(location, FileSource.at(location, hadoop, MAX_BYTES), MAX_BYTES);
    }

    static PackageFiles read(String location, FileSource source, long maxBytes) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        long left = maxBytes;
        Optional<byte[]> manifest = source.read(MANIFEST, left);
        Set<String> names = new TreeSet<>(Set.of(CONFIG, PREPROCESSOR, CELLS, MODEL));
        if (manifest.isPresent()) {
            files.put(MANIFEST, manifest.get());
            left -= manifest.get().length;
            names.addAll(Manifest.parse(manifest.get()).files().keySet());
        }
        for (String name : names) {
            Optional<byte[]> bytes = source.read(name, left);
            if (bytes.isEmpty() && name.equals(MODEL)) {
                bytes = source.read(MODEL_IN_FOLDER, left);
                bytes.ifPresent(model -> files.put(MODEL_IN_FOLDER, model));
            } else {
                bytes.ifPresent(content -> files.put(name, content));
            }
            left -= bytes.map(content -> content.length).orElse(0);
        }
        return new PackageFiles(location, files);
    }

    String location() {
        return location;
    }

    /** Returns the bytes of all files by name. They are not copied; the caller must not modify them. */
    SortedMap<String, byte[]> all() {
        return files;
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
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            list.append(sha256(file.getValue()))
                    .append("  ")
                    .append(file.getKey())
                    .append('\n');
        }
        return sha256(list.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a SHA-256 in lower-case hexadecimal. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
