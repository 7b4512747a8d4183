package io.planisphere.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A source of a package's files by name. */
@FunctionalInterface
interface FileSource {
    String BUILTIN = "builtin:";

    /**
     * Returns the bytes of a file; empty if there is no file of that name.
     *
     * @throws PackageProblem if it has more than {@code maxBytes}
     */
    Optional<byte[]> read(String name, long maxBytes) throws IOException;

    /**
     * Returns a stream of a file of any size; empty if there is no file of that name.
     *
     * @throws PackageProblem if it is outside the package, or packages of this kind have no such files
     */
    default Optional<InputStream> open(String name) throws IOException {
        throw new PackageProblem(
                name + " is external data, which a zip cannot hold; unpack the zip, and give its directory");
    }

    /** Returns the path of a file, or with an empty name the folder, on a local disk; empty if it is elsewhere. */
    default Optional<java.nio.file.Path> local(String name) {
        return Optional.empty();
    }

    /** Returns the source at a location: {@code builtin:NAME}, a zip file or a directory on any Hadoop file system. */
    static FileSource at(String location, Configuration hadoop, long maxBytes) throws IOException {
        if (location.startsWith(BUILTIN)) {
            return builtin(location.substring(BUILTIN.length()), FileSource.class.getClassLoader());
        }
        Path path = new Path(location);
        FileSystem fileSystem = path.getFileSystem(hadoop);
        FileStatus status;
        try {
            status = fileSystem.getFileStatus(path);
        } catch (FileNotFoundException e) {
            throw new PackageProblem("there is no such directory or zip; check the path", e);
        }
        if (status.isDirectory()) {
            return directory(fileSystem, path);
        }
        try (InputStream zip = fileSystem.open(path)) {
            return ZipFiles.read(zip, maxBytes);
        }
    }

    private static FileSource directory(FileSystem fileSystem, Path directory) {
        return new FileSource() {
            @Override
            public Optional<byte[]> read(String name, long maxBytes) throws IOException {
                Path file = new Path(directory, name);
                try {
                    if (fileSystem.getFileStatus(file).getLen() > maxBytes) {
                        throw tooLarge(name);
                    }
                    try (InputStream in = fileSystem.open(file)) {
                        return Optional.of(bounded(in, name, maxBytes));
                    }
                } catch (FileNotFoundException e) {
                    return Optional.empty();
                }
            }

            @Override
            public Optional<InputStream> open(String name) throws IOException {
                Optional<java.nio.file.Path> local = local(name);
                if (local.isPresent() && local.get().toFile().exists()) {
                    refuseLinkOut(name, local.get());
                }
                try {
                    return Optional.of(fileSystem.open(new Path(directory, name)));
                } catch (FileNotFoundException e) {
                    return Optional.empty();
                }
            }

            private void refuseLinkOut(String name, java.nio.file.Path file) throws IOException {
                java.nio.file.Path real = file.toRealPath();
                if (!real.startsWith(local("").orElseThrow().toRealPath())) {
                    throw new PackageProblem(name + " is a link to " + real
                            + ", outside the package; put the file itself there (cp -L)");
                }
            }

            @Override
            public Optional<java.nio.file.Path> local(String name) {
                if (!fileSystem.getUri().getScheme().equals("file")) {
                    return Optional.empty();
                }
                String folder = fileSystem.makeQualified(directory).toUri().getPath();
                return Optional.of(java.nio.file.Path.of(folder, name));
            }
        };
    }

    /** Returns the source of a built-in package, in the resources under {@code models/NAME/}. */
    static FileSource builtin(String model, ClassLoader resources) {
        String folder = "models/" + model + "/";
        if (!model.matches("[A-Za-z0-9._-]+") || resources.getResource(folder + PackageFiles.MANIFEST) == null) {
            throw new PackageProblem(
                    "no model of that name is built in; earth, earth-int8, mobilenet-v2, mobilenet-v2-int8, coco-detector,"
                            + " face-detector and face-attributes are, any other needs its directory or zip");
        }
        return new FileSource() {
            @Override
            public Optional<byte[]> read(String name, long maxBytes) throws IOException {
                try (InputStream in = resources.getResourceAsStream(folder + name)) {
                    return in == null ? Optional.empty() : Optional.of(bounded(in, name, maxBytes));
                }
            }

            @Override
            public Optional<InputStream> open(String name) {
                return Optional.ofNullable(resources.getResourceAsStream(folder + name));
            }
        };
    }

    /** Reads all bytes of a stream; throws if there are more than {@code maxBytes}. */
    static byte[] bounded(InputStream in, String name, long maxBytes) throws IOException {
        int most = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
        byte[] bytes = in.readNBytes(most);
        if (in.read() >= 0) {
            throw tooLarge(name);
        }
        return bytes;
    }

    private static PackageProblem tooLarge(String name) {
        return new PackageProblem("with " + name + " it holds more than " + (PackageFiles.MAX_BYTES >> 20) + " MiB; "
                + (name.endsWith(".onnx")
                        ? "save a large network with its weights as external data, in " + PackageFiles.MODEL
                                + "_data beside it (docs/model-packages.md)"
                        : "leave out what the network does not need"));
    }

    /** Throws for names that point outside the package's folder. */
    static String checkName(String name, String where) {
        boolean leaves = name.isEmpty()
                || name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || Arrays.asList(name.split("/", -1)).contains("..");
        if (leaves) {
            throw new PackageProblem(
                    where + " names " + name + ", which leaves the package's folder; use plain relative names");
        }
        return name;
    }
}
