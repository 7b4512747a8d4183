package io.planisphere.earth;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Writes the windows that the figures are of as photos, with a table of their places beside the folder, so that {@code locate},
 * {@code quantize} and {@code evaluate} can run over them.
 */
@Command(
        name = "WindowPhotos",
        description = "Writes upright windows around the places of one part of the split as PNG.")
final class WindowPhotos implements Callable<Integer> {
    private enum Part {
        TRAINING,
        UNSEEN_AUTHORS,
        HELD_OUT_REGIONS
    }

    @Mixin
    private Run run = new Run();

    @Option(names = "--part", required = true, description = "of the split: ${COMPLETION-CANDIDATES}")
    private Part part = Part.TRAINING;

    @Option(names = "--day", description = "of the rendering that no training sees; without it of the Blue Marble")
    private boolean day;

    @Option(names = "--every", defaultValue = "1", description = "of so many places one (default: 1, all of them)")
    private int every = 1;

    @Option(names = "--output", required = true, description = "folder of the photos; OUTPUT.csv has the places")
    private Path output = Path.of("");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new WindowPhotos())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Raster map = day ? run.day() : run.blueMarble();
        List<Places.Place> places = places();
        Files.createDirectories(output);
        int size = Network.SHAPE.resolution();
        float[] planes = new float[3 * size * size];
        List<String> table = new ArrayList<>(List.of("file,user,latitude,longitude"));
        for (int i = 0; i < places.size(); i += every) {
            Places.Place place = places.get(i);
            Window.plain(place.at()).render(map, size, planes);
            String name = String.format(Locale.ROOT, "%05d.png", i);
            ImageIO.write(image(planes, size), "png", output.resolve(name).toFile());
            table.add(String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%s",
                    name,
                    place.author(),
                    place.at().latitude(),
                    place.at().longitude()));
        }
        Path csv = output.resolveSibling(output.getFileName() + ".csv");
        Files.write(csv, table, StandardCharsets.UTF_8);
        System.out.printf(Locale.ROOT, "%d windows in %s, their places in %s%n", table.size() - 1, output, csv);
        return 0;
    }

    private List<Places.Place> places() throws IOException {
        Places places = run.places();
        return switch (part) {
            case TRAINING -> places.training();
            case UNSEEN_AUTHORS -> places.unseenAuthors();
            case HELD_OUT_REGIONS -> places.heldOutRegions();
        };
    }

    /** In the whole levels that the network was scored with. */
    private static BufferedImage image(float[] planes, int size) {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        int plane = size * size;
        for (int p = 0; p < plane; p++) {
            int rgb = Math.round(planes[p]) << 16
                    | Math.round(planes[plane + p]) << 8
                    | Math.round(planes[2 * plane + p]);
            image.setRGB(p % size, p / size, rgb);
        }
        return image;
    }
}
