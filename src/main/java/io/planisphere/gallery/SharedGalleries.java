package io.planisphere.gallery;

import io.planisphere.model.GalleryFile;
import io.planisphere.model.ModelPackageException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The galleries of this JVM: each is fetched, compared with its digest and mapped once, and stays until the JVM ends. */
public final class SharedGalleries {
    private static final Map<String, PhotoGallery> OPEN = new ConcurrentHashMap<>();

    private SharedGalleries() {}

    /**
     * Returns a gallery. It is mapped where it is if it is on a local disk, otherwise from a temporary copy that has no name any
     * more: the system frees it when the JVM ends, however it ends.
     *
     * @throws ModelPackageException if it is no gallery, not the one that the package was opened with, or larger than the memory
     */
    public static PhotoGallery open(GalleryFile file) {
        return OPEN.computeIfAbsent(file.sha256(), unknown -> {
            checkMemory(file, machineMemory());
            try {
                Optional<Path> local = file.local();
                return local.isPresent() ? PhotoGallery.open(local.get()) : fetched(file);
            } catch (IllegalArgumentException e) {
                throw new ModelPackageException(file.location(), GalleryFile.NAME + " " + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(
                        GalleryFile.NAME + " of " + file.location() + " cannot be fetched: " + e.getMessage(), e);
            }
        });
    }

    private static PhotoGallery fetched(GalleryFile file) throws IOException {
        Path copy = Files.createTempFile("planisphere-gallery", ".bin");
        try {
            try (OutputStream out = Files.newOutputStream(copy)) {
                file.copyTo(out);
            }
            return PhotoGallery.open(copy);
        } finally {
            Files.delete(copy);
        }
    }

    /** Refuses a gallery that is larger than the memory: each search would wait for the disk. */
    static void checkMemory(GalleryFile file, long memory) {
        if (memory > 0 && file.bytes() > memory) {
            throw new ModelPackageException(
                    file.location(),
                    String.format(
                            Locale.ROOT,
                            "%s has %,d MiB but this machine (or container) has %,d MiB of memory; use a larger one, or"
                                    + " train with fewer --gallery-photos",
                            GalleryFile.NAME,
                            file.bytes() >> 20,
                            memory >> 20));
        }
    }

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : 0;
    }
}
