package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes a file of a model package. The result must be an open package with its cells, or one line with the error. */
class PackageFuzzTest {
    private static final Map<String, byte[]> CELLS = TinyModels.locate(TinyModels.CELLS);
    private static final Map<String, byte[]> EXPORT = TinyModels.export("red", "green", "blue");
    private static final Map<String, byte[]> BOXES = TinyDetectors.anchored(
            "0.5,0.5,1,1\n0.2,0.2,0.1,0.1", new double[] {0, 0, 0, 0}, new double[] {0, 0, 0, 0});

    private static final Map<String, byte[]> GALLERY = TinyModels.listed(TinyModels.with(
            TinyModels.gallery(CELLS, 10, new float[] {1, 0, 0}, new float[] {0, 1, 0}),
            "cells.csv",
            "latitude,longitude\n40.7,-74\n48.9,2.4\n"));

    /** The first byte of an input selects the target that the other bytes replace. */
    private static final List<Target> TARGETS = List.of(
            new Target(CELLS, "manifest.json"),
            new Target(CELLS, "cells.csv"),
            new Target(TinyModels.hierarchy(TinyModels.COARSE_CELLS, TinyModels.CELLS, 2), "manifest.json"),
            new Target(TinyModels.hierarchy(TinyModels.COARSE_CELLS, TinyModels.CELLS, 2), "coarse.csv"),
            new Target(EXPORT, "preprocessor_config.json"),
            new Target(EXPORT, "config.json"),
            new Target(EXPORT, "model.onnx"),
            new Target(BOXES, "manifest.json"),
            new Target(BOXES, "anchors.csv"),
            new Target(TinyFaceModels.attributes(1), "manifest.json"),
            new Target(TinyModels.external(EXPORT, "model.onnx_data"), "model.onnx"),
            new Target(GALLERY, "manifest.json"),
            new Target(GALLERY, "cells.csv"),
            new Target(GALLERY, "gallery.f32"));

    private static final Configuration HADOOP = new Configuration(false);

    @TempDir
    private static Path folder = Path.of("");

    private record Target(Map<String, byte[]> files, String name) {
        Map<String, byte[]> with(byte[] content) {
            Map<String, byte[]> changed = TinyModels.with(files, name, content);
            boolean listed = files.containsKey("manifest.json") && !name.equals("manifest.json");
            return listed ? TinyModels.listed(changed) : changed;
        }
    }

    static Stream<byte[]> seeds() {
        return IntStream.range(0, TARGETS.size()).boxed().flatMap(i -> {
            Target target = TARGETS.get(i);
            byte[] file = TinyModels.bytes(target.files(), target.name());
            return Stream.of(file, Arrays.copyOf(file, file.length / 2), new byte[0])
                    .map(content -> input(i, content));
        });
    }

    private static byte[] input(int target, byte[] content) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write(target);
        input.writeBytes(content);
        return input.toByteArray();
    }

    @MethodSource("seeds")
    @FuzzTest
    void aPackageIsOpenedOrRefusedInOneLine(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        Target target = TARGETS.get(Math.floorMod(input[0], TARGETS.size()));
        Path directory = folder.resolve(Integer.toString(TARGETS.indexOf(target)));
        boolean isNew = Files.notExists(directory);
        Map<String, byte[]> files = target.with(Arrays.copyOfRange(input, 1, input.length));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (isNew || file.getKey().equals(target.name()) || file.getKey().equals("manifest.json")) {
                Files.createDirectories(directory);
                Files.write(directory.resolve(file.getKey()), file.getValue());
            }
        }
        try {
            ModelPackage opened = ModelPackage.open(directory.toString(), HADOOP);
            if (opened.task() == Task.LOCATE) {
                assertThat(new GeolocationModel(opened).outputs(true)).isNotEmpty();
            }
        } catch (ModelPackageException e) {
            assertThat(e).message().startsWith("Cannot open model package ").doesNotContain("\n");
        }
    }
}
