package io.planisphere.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The file with a geolocator's gallery. It is not part of the package in memory: it stays on the package's file system, and each
 * JVM that searches it gets it as a local file once.
 */
public final class GalleryFile implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The name of the file in a package. */
    public static final String NAME = "gallery.bin";

    private final String location;
    private final WeightFiles file;

    private GalleryFile(String location, WeightFiles file) {
        this.location = location;
        this.file = file;
    }

    /** Returns the gallery of a package; empty if it has no such file. */
    static Optional<GalleryFile> of(String location, FileSource source, Configuration hadoop) throws IOException {
        Optional<InputStream> found = source.open(NAME);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        found.get().close();
        return Optional.of(new GalleryFile(location, WeightFiles.read(location, source, Map.of(NAME, 0L), hadoop)));
    }

    /**
     * Returns a gallery that is in no package yet.
     *
     * @param folder the folder with {@link #NAME}
     */
    public static GalleryFile in(String folder, Configuration hadoop) throws IOException {
        return of(folder, FileSource.at(folder, hadoop, PackageFiles.MAX_BYTES), hadoop)
                .orElseThrow(() -> new IOException("There is no " + NAME + " in " + folder));
    }

    WeightFile file() {
        return file.files().get(0);
    }

    /** Returns its SHA-256 in lower-case hexadecimal. */
    public String sha256() {
        return file().sha256();
    }

    /** Returns its size. */
    public long bytes() {
        return file().bytes();
    }

    /** Returns the location of the package that it is in. */
    public String location() {
        return location;
    }

    /**
     * Returns the file itself, if it is on a local disk.
     *
     * @throws ModelPackageException if it is not the one that the package was opened with
     */
    public Optional<Path> local() throws IOException {
        try {
            return file.local().map(folder -> folder.resolve(NAME));
        } catch (PackageProblem e) {
            throw new ModelPackageException(location, e);
        }
    }

    /**
     * Copies the file.
     *
     * @throws ModelPackageException if it is not the one that the package was opened with
     */
    public void copyTo(OutputStream out) throws IOException {
        try {
            file.copy(file(), out);
        } catch (PackageProblem e) {
            throw new ModelPackageException(location, e);
        }
    }
}
