package io.planisphere.vision;

import io.planisphere.geo.Partition;
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
import org.jspecify.annotations.Nullable;

/** A package for the task locate, with its cells read. It travels as its package; the cells are read once per JVM. */
public final class GeolocationModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ModelPackage files;
    private transient volatile @Nullable Partition partition;

    /**
     * @throws ModelPackageException if the package is for another task or its cells are not sound
     */
    public GeolocationModel(ModelPackage files) {
        this.files = files.require(Task.LOCATE);
        partition();
    }

    public ModelPackage files() {
        return files;
    }

    /** The cells, in the order of the network's scores. */
    public Partition partition() {
        Partition known = partition;
        if (known == null) {
            known = read(files);
            partition = known;
        }
        return known;
    }

    /** A reader of the network's scores, for one thread. */
    public Geolocator newGeolocator(int topK) {
        return new Geolocator(partition(), files.scores().orElseThrow().activation(), topK);
    }

    private static Partition read(ModelPackage files) {
        byte[] csv = files.cells().orElseThrow();
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8)) {
            return Partition.read("cells.csv", reader);
        } catch (IllegalArgumentException e) {
            throw new ModelPackageException(files.location(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
