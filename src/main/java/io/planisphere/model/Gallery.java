package io.planisphere.model;

import io.planisphere.onnx.OnnxGallery;
import io.planisphere.onnx.OnnxModel;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * A head whose scores are scaled cosine similarities of the embedding to fixed vectors, one per class: embeddings of places, or of
 * prompts.
 *
 * @param file file of the package with the vectors, each of length 1: 32-bit floats, little-endian, one vector after the other
 * @param scale factor of the cosine (CLIP's {@code exp(logit_scale)})
 */
record Gallery(String file, double scale) {
    /** Name of the head's output, unless the manifest gives it another. */
    static final String OUTPUT = "similarities";

    /** How far the length of a vector may be from 1: the rounding of half floats. */
    private static final double TOLERANCE = 2e-3;

    /** Heap that a class takes: its cell, and its values in the buffers of several tasks. */
    private static final long HEAP_PER_ENTRY = 256;

    /**
     * Returns the head for a network.
     *
     * @param scored the head in the manifest
     * @param bytes size of the file with the vectors
     * @param classes number of places or labels; 0 if the package has none
     * @throws PackageProblem if the numbers do not fit each other
     */
    OnnxGallery on(OnnxModel graph, Declaration.Scored scored, String embedding, long bytes, int classes) {
        int width = graph.output(embedding)
                .map(OnnxGallery::width)
                .orElseThrow(() -> new PackageProblem("manifest.json names output " + embedding
                        + " but model.onnx has " + Declaration.names(graph.outputs())
                        + "; fix outputs.embedding.name"))
                .orElseThrow(() -> new PackageProblem("model.onnx does not state the width of output " + embedding
                        + ", which is compared with " + file + "; export it with a fixed width"));
        long vector = (long) width * Float.BYTES;
        if (classes > 0 && bytes != classes * vector && bytes % ((long) classes * Float.BYTES) == 0) {
            throw new PackageProblem(String.format(
                    Locale.ROOT,
                    "%s has vectors of %,d floats (%,d bytes, %,d classes) but output %s has %,d; make the gallery with"
                            + " the network of this package",
                    file,
                    bytes / classes / Float.BYTES,
                    bytes,
                    classes,
                    embedding,
                    width));
        }
        long entries = bytes / vector;
        if (bytes == 0 || bytes % vector != 0 || (classes > 0 && entries != classes)) {
            throw new PackageProblem(String.format(
                    Locale.ROOT,
                    "%s has %,d bytes but output %s has %,d values, so that %s; give it one vector of that many 32-bit"
                            + " floats per class",
                    file,
                    bytes,
                    embedding,
                    width,
                    classes > 0
                            ? String.format(Locale.ROOT, "%,d classes take %,d", classes, classes * vector)
                            : String.format(Locale.ROOT, "each vector takes %,d", vector)));
        }
        checkHeap(entries, Runtime.getRuntime().maxMemory());
        return new OnnxGallery(scored.name(), embedding, file, Math.toIntExact(entries), width, scale);
    }

    /** Refuses a gallery whose classes would fill half of the heap. */
    void checkHeap(long entries, long heap) {
        long needed = entries * HEAP_PER_ENTRY;
        if (needed > heap / 2) {
            throw new PackageProblem(String.format(
                    Locale.ROOT,
                    "%s has %,d vectors, which take about %,d MiB of the Java heap, and this process has %,d MiB; raise"
                            + " --executor-memory and --driver-memory, or use fewer entries",
                    file,
                    entries,
                    needed >> 20,
                    heap >> 20));
        }
    }

    /** Checks that every vector has length 1. */
    void checkVectors(InputStream in, int width) throws IOException {
        byte[] vector = new byte[Math.multiplyExact(width, Float.BYTES)];
        FloatBuffer values =
                ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        try (DataInputStream vectors = new DataInputStream(in)) {
            for (int entry = 0; ; entry++) {
                vectors.readFully(vector);
                double squares = 0;
                for (int i = 0; i < width; i++) {
                    squares += (double) values.get(i) * values.get(i);
                }
                if (!(Math.abs(Math.sqrt(squares) - 1) <= TOLERANCE)) {
                    throw new PackageProblem(String.format(
                            Locale.ROOT,
                            "%s has vector %d of length %.4f; divide each vector by its length",
                            file,
                            entry,
                            Math.sqrt(squares)));
                }
            }
        } catch (EOFException e) {
            // the end: its size is a whole number of vectors
        }
    }
}
