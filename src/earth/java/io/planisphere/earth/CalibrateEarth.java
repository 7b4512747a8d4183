package io.planisphere.earth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.geo.Partition;
import io.planisphere.model.Decoding;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits the decoding of the package as it is in the source tree, whose weights a repeated training does not give again. */
@Command(name = "CalibrateEarth", description = "Fits the decoding of packages and writes it into their manifests.")
final class CalibrateEarth implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Run run = new Run();

    @Option(
            names = "--package",
            defaultValue = "src/main/resources/models/earth",
            description = "package of floats, which is run")
    private Path packageDirectory = Path.of("");

    @Option(
            names = "--and",
            defaultValue = "src/main/resources/models/earth-int8",
            description = "package of the same network in 8 bits, which takes the same decoding")
    private Path other = Path.of("");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CalibrateEarth()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Partition partition;
        try (Reader cells = Files.newBufferedReader(packageDirectory.resolve("cells.csv"))) {
            partition = Partition.read("cells.csv", cells);
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        Decoding decoding;
        try (Geolocator geolocator = new Geolocator(Files.readAllBytes(packageDirectory.resolve("model.onnx")))) {
            decoding = EarthDecoding.fit(
                    geolocator, partition, run.blueMarble(), run.places().unseenAuthors(), figures);
        }
        System.out.println(decoding + " " + figures);
        for (Path folder : List.of(packageDirectory, other)) {
            Path file = folder.resolve("manifest.json");
            ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
            manifest.set(Decoding.KEY, JSON.valueToTree(EarthPackage.decoding(decoding)));
            ((ObjectNode) manifest.path("training").path("figures")).setAll((ObjectNode) JSON.valueToTree(figures));
            Files.writeString(
                    file,
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n",
                    StandardCharsets.UTF_8);
        }
        return 0;
    }
}
