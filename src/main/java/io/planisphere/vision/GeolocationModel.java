package io.planisphere.vision;

import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.Partition;
import io.planisphere.geo.PredictionCells;
import io.planisphere.model.Activation;
import io.planisphere.model.Decoding;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A package for the task locate, with its parsed cells. It is serialised as its package; the cells are parsed once per JVM. */
public final class GeolocationModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ModelPackage files;
    private transient volatile @Nullable Hierarchy hierarchy;

    /** @throws ModelPackageException if the package is for another task or its cells are invalid */
    public GeolocationModel(ModelPackage files) {
        this.files = files.require(Task.LOCATE);
        hierarchy();
    }

    public ModelPackage files() {
        return files;
    }

    /** Returns the partitions in the order of {@link #outputs}. */
    public Hierarchy hierarchy() {
        Hierarchy known = hierarchy;
        if (known == null) {
            known = read(files);
            hierarchy = known;
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
     * @param finestLevel finest level of the S2 cells in a guess; empty for no limit. With a limit the place is a cell's centre,
     *     and the package's {@link Decoding}, fitted without one, is not used
     */
    public Geolocator newGeolocator(int topK, OptionalInt finestLevel) {
        List<Activation> activations =
                files.heads().stream().map(Head::activation).toList();
        return new Geolocator(
                new CellProbabilities(hierarchy(), activations, files.temperature()),
                predictionCells(finestLevel),
                topK,
                finestLevel.isPresent() ? Decoding.NONE : files.decoding());
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

    private static Hierarchy read(ModelPackage files) {
        try {
            return new Hierarchy(files.heads().stream()
                    .map(head -> read(head.cellsFile(), files.cells(head)))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new ModelPackageException(files.location(), String.valueOf(e.getMessage()));
        }
    }

    private static Partition read(String file, byte[] csv) {
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8)) {
            return Partition.read(file, reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
