package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages whose head is a gallery. */
class GalleryTest {
    private static final String PLACES = "latitude,longitude\n40.7,-74\n48.9,2.4\n";
    private static final Map<String, byte[]> PACKAGE = located(PLACES, unit(0), unit(1));

    @TempDir
    private Path folder = Path.of("");

    private static float[] unit(int axis) {
        float[] vector = new float[3];
        vector[axis] = 1;
        return vector;
    }

    private static Map<String, byte[]> located(String places, float[]... vectors) {
        Map<String, byte[]> files = TinyModels.gallery(TinyModels.locate(TinyModels.CELLS), 10, vectors);
        return TinyModels.listed(TinyModels.with(files, "cells.csv", places));
    }

    @Test
    void aGalleryIsAHeadWithOneScorePerVector() throws Exception {
        ModelPackage model =
                ModelPackage.open(TinyModels.writeDirectory(folder, PACKAGE).toString(), new Configuration(false));

        assertThat(model.heads())
                .containsExactly(new Head("similarities", Activation.SOFTMAX, OptionalInt.of(2), "cells.csv"));
        assertThat(model.weightFiles()).containsExactly("gallery.f32");
    }

    @Test
    void aGalleryOfAnotherWidthIsRejected() throws Exception {
        refused(
                located(PLACES, new float[] {1, 0, 0, 0}, new float[] {0, 1, 0, 0}),
                "gallery.f32 has vectors of 4 floats (32 bytes, 2 classes) but output embedding has 3; make the gallery"
                        + " with the network of this package");
        refused(
                located(PLACES, new float[] {1, 0, 0, 0, 0}),
                "gallery.f32 has 20 bytes but output embedding has 3 values, so that 2 classes take 24; give it one vector"
                        + " of that many 32-bit floats per class");
    }

    @Test
    void aGalleryWithoutPlacesIsRejected() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(PACKAGE);
        files.remove("cells.csv");
        refused(TinyModels.listed(files), "cells.csv is missing; add it to the package");
        refused(
                located("latitude,longitude\n", unit(0)),
                "cells.csv has no places; give it one line per vector of gallery.f32");
    }

    @Test
    void aMissingGalleryIsRejected() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(PACKAGE);
        files.remove("gallery.f32");
        refused(
                TinyModels.listed(files),
                "gallery.f32 is missing, and the network needs its values; put it into the package");
    }

    @Test
    void anAlteredGalleryIsRejected() throws Exception {
        Map<String, byte[]> other = located(PLACES, unit(1), unit(2));
        refused(
                TinyModels.with(PACKAGE, "gallery.f32", TinyModels.bytes(other, "gallery.f32")),
                "gallery.f32 has SHA-256 " + TinyModels.sha256(other, "gallery.f32") + " but manifest.json says "
                        + TinyModels.sha256(PACKAGE, "gallery.f32")
                        + "; fetch the package again, or correct the manifest if the change is yours");
    }

    @Test
    void vectorsOfAnotherLengthThanOneAreRejected() throws Exception {
        refused(
                located(PLACES, unit(0), new float[] {0.5f, 0.5f, 0.5f}),
                "gallery.f32 has vector 1 of length 0.8660; divide each vector by its length");
        refused(
                located(PLACES, new float[] {Float.NaN, 0, 0}, unit(1)),
                "gallery.f32 has vector 0 of length NaN; divide each vector by its length");
    }

    @Test
    void aGalleryWhoseClassesFillTheHeapIsRejected() {
        Gallery gallery = new Gallery("gallery.f32", 1);
        gallery.checkHeap(2_000_000, 1L << 30);
        assertThatThrownBy(() -> gallery.checkHeap(9_000_000, 1L << 30))
                .hasMessage(
                        "gallery.f32 has 9,000,000 vectors, which take about 2,197 MiB of the Java heap, and this process"
                                + " has 1,024 MiB; raise --executor-memory and --driver-memory, or use fewer entries");
    }

    @Test
    void manifestsOfGalleriesAreChecked() throws Exception {
        refused(
                changed("\"scale\": 10.0", "\"scale\": -1"),
                "manifest.json: outputs.scores.scale (-1) must be above 0");
        refused(changed("\"scale\": 10.0, ", ""), "manifest.json lacks outputs.scores.scale; add it, a number");
        refused(
                changed("\"vectors\": \"gallery.f32\"", "\"name\": \"logits\""),
                "manifest.json: outputs.scores.scale (10.0) belongs to a head with vectors; name their file, or take it"
                        + " out");
        refused(
                changed("\"vectors\": \"gallery.f32\"", "\"vectors\": \"../gallery.f32\""),
                "manifest.json names ../gallery.f32, which leaves the package's folder; use plain relative names");
        refused(
                changed("\"vectors\": \"gallery.f32\"", "\"name\": \"logits\", \"vectors\": \"gallery.f32\""),
                "model.onnx has a value called logits already; give the gallery another name");
        String manifest = TinyModels.text(PACKAGE, "manifest.json");
        String head = manifest.substring(
                manifest.indexOf("{\"vectors\""), manifest.indexOf('}', manifest.indexOf("{\"vectors\"")) + 1);
        assertThatThrownBy(() ->
                        open(changed(head, "[" + head + ", " + head.replace("{", "{\"name\": \"other\", ") + "]")))
                .hasMessageEndingWith("must be one head if it has vectors");
        assertThatThrownBy(() -> open(changed(", \"embedding\": {\"name\": \"embedding\"}", "")))
                .hasMessageEndingWith(
                        "has vectors but no embedding is compared with them; name it in outputs.embedding");
        refused(
                changed("\"embedding\": {\"name\": \"embedding\"}", "\"embedding\": {\"name\": \"vector\"}"),
                "manifest.json names output vector but model.onnx has logits, embedding; fix outputs.embedding.name");
    }

    private static Map<String, byte[]> changed(String from, String to) {
        String manifest = TinyModels.text(PACKAGE, "manifest.json");
        assertThat(manifest).contains(List.of(from));
        return TinyModels.with(PACKAGE, "manifest.json", manifest.replace(from, to));
    }

    private void refused(Map<String, byte[]> files, String problem) throws Exception {
        assertThatThrownBy(() -> open(files))
                .isInstanceOf(ModelPackageException.class)
                .hasMessage("Cannot open model package " + folder + ": " + problem);
    }

    private void open(Map<String, byte[]> files) throws Exception {
        for (String name : List.of("gallery.f32", "cells.csv")) {
            java.nio.file.Files.deleteIfExists(folder.resolve(name));
        }
        ModelPackage.open(TinyModels.writeDirectory(folder, files).toString(), new Configuration(false));
    }
}
