package io.planisphere.vision;

import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.Partition;
import io.planisphere.geo.PlaceList;
import io.planisphere.geo.PredictionCells;
import io.planisphere.model.Activation;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A package for the task locate, with its parsed cells. It is serialised as its package; the cells are parsed once per JVM. */
public final class GeolocationModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ModelPackage files;
    private transient volatile @Nullable Classes classes;

    /** @throws ModelPackageException if the package is for another task or its cells are invalid */
    public GeolocationModel(ModelPackage files) {
        this.files = files.require(Task.LOCATE);
        classes();
    }

    /** The partitions of the heads; and the label of each score, if the only head's classes are places. */
    private record Classes(Hierarchy hierarchy, List<Integer> labels) {}

    public ModelPackage files() {
        return files;
    }

    /** Returns the partitions in the order of {@link #outputs}. */
    public Hierarchy hierarchy() {
        return classes().hierarchy();
    }

    private Classes classes() {
        Classes known = classes;
        if (known == null) {
            known = read(files);
            classes = known;
        }
        return known;
    }

    /**
     * Returns the names of the tensors whose scores {@link Geolocator#locate} takes, from the coarsest partition to the finest.
     */
    public List<String> outputs() {
        return files.heads().stream().map(Head::output).toList();
    }

    /**
     * Returns a new geolocator, for one thread.
     *
     * @param topK maximum number of cells in a guess
     * @param finestLevel finest level of the S2 cells in a guess; empty for no limit
     */
    public Geolocator newGeolocator(int topK, OptionalInt finestLevel) {
        List<Activation> activations =
                files.heads().stream().map(Head::activation).toList();
        return new Geolocator(
                new CellProbabilities(
                        hierarchy(), activations, files.temperature(), classes().labels()),
                predictionCells(finestLevel),
                topK);
    }

    /** Returns a smoother for the predictions of a geolocator with the same limit. */
    public AlbumSmoother newAlbumSmoother(OptionalInt finestLevel) {
        return new AlbumSmoother(predictionCells(finestLevel).cells());
    }

    private PredictionCells predictionCells(OptionalInt finestLevel) {
        Partition finest = hierarchy().finest();
        return finestLevel.isPresent()
                ? PredictionCells.noFinerThan(finestLevel.getAsInt(), finest)
                : PredictionCells.full(finest);
    }

    private static Classes read(ModelPackage files) {
        List<Head> heads = files.heads();
        try {
            if (heads.size() == 1 && PlaceList.isIn(firstLine(files.cells(heads.get(0))))) {
                try (Reader reader = reader(files.cells(heads.get(0)))) {
                    PlaceList places = PlaceList.read(heads.get(0).cellsFile(), reader);
                    return new Classes(new Hierarchy(List.of(places.partition())), places.labels());
                }
            }
            List<Partition> partitions = new ArrayList<>();
            for (Head head : heads) {
                try (Reader reader = reader(files.cells(head))) {
                    partitions.add(Partition.read(head.cellsFile(), reader));
                }
            }
            return new Classes(new Hierarchy(partitions), List.of());
        } catch (IllegalArgumentException e) {
            throw new ModelPackageException(files.location(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(byte[] csv) throws IOException {
        try (BufferedReader lines = new BufferedReader(reader(csv))) {
            String first = lines.readLine();
            return first == null ? "" : first;
        }
    }

    private static Reader reader(byte[] csv) {
        return new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8);
    }
}
