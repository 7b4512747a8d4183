package io.planisphere.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Predefined labels that a detector's manifest may refer to instead of listing labels in config.json. */
enum LabelMap {
    /**
     * The 80 categories of COCO (Lin et al., arXiv 1405.0312) under their ids 1 to 90, as numbered by SSDs of TensorFlow's Object
     * Detection API: 0 is the background, and ten ids are unused.
     */
    COCO;

    /** The key in the manifest. */
    static final String KEY = "label_map";

    /** Returns the labels by id, from 0. */
    List<String> labels() {
        try (InputStream in = LabelMap.class.getResourceAsStream("/labels/coco.txt")) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks labels/coco.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
