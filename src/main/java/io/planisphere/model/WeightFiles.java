package io.planisphere.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The weights that a package keeps outside its network's file. They stay on the package's file system, from which each JVM that
 * opens the network reads them itself; their digests are compared with those that the package was opened with.
 */
final class WeightFiles implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Digests of local files by path, size and time: the driver has read a file once when a session of the same JVM opens it. */
    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

    private final String location;
    private final List<WeightFile> files;
    private final byte[] hadoop;

    private WeightFiles(String location, List<WeightFile> files, byte[] hadoop) {
        this.location = location;
        this.files = List.copyOf(files);
        this.hadoop = hadoop;
    }

    /** Returns no files. */
    static WeightFiles none(String location) {
        return new WeightFiles(location, List.of(), new byte[0]);
    }

    /**
     * Reads the files of a package through.
     *
     * @param needed smallest size by name; a file whose size is not known beforehand has 0
     * @throws PackageProblem if one is missing or too short
     */
    static WeightFiles read(String location, FileSource source, Map<String, Long> needed, Configuration hadoop)
            throws IOException {
        if (needed.isEmpty()) {
            return none(location);
        }
        List<WeightFile> files = new ArrayList<>();
        for (Map.Entry<String, Long> file : needed.entrySet()) {
            String name = file.getKey();
            WeightFile found = measured(name, source);
            if (found.bytes() < file.getValue()) {
                throw new PackageProblem(String.format(
                        Locale.ROOT,
                        "%s has %,d bytes but the network's weights in it need %,d; copy it again, it is cut short",
                        name,
                        found.bytes(),
                        file.getValue()));
            }
            files.add(found);
        }
        return new WeightFiles(qualified(location, hadoop), files, bytes(hadoop));
    }

    /** Returns the location as it is called from other working directories and machines. */
    private static String qualified(String location, Configuration hadoop) throws IOException {
        if (location.startsWith(FileSource.BUILTIN)) {
            return location;
        }
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(location);
        return path.getFileSystem(hadoop).makeQualified(path).toString();
    }

    private static WeightFile measured(String name, FileSource source) throws IOException {
        Optional<Path> local = source.local(name);
        try (InputStream in = open(name, source)) {
            return measured(name, in, local.flatMap(WeightFiles::stamp), OutputStream.nullOutputStream());
        }
    }

    private static InputStream open(String name, FileSource source) throws IOException {
        return source.open(name)
                .orElseThrow(() -> new PackageProblem(
                        name + " is missing, and the network needs its values; put it into the package"));
    }

    /** Copies a file, or reads it through; a local one that this JVM has read before is not read again. */
    private static WeightFile measured(String name, InputStream in, Optional<Stamp> stamp, OutputStream to)
            throws IOException {
        if (stamp.isPresent() && KNOWN.containsKey(stamp.get().key())) {
            return new WeightFile(
                    name, stamp.get().bytes(), KNOWN.getOrDefault(stamp.get().key(), ""));
        }
        try (DigestInputStream digesting = new DigestInputStream(in, PackageFiles.sha256())) {
            long bytes = digesting.transferTo(to);
            String sha256 =
                    HexFormat.of().formatHex(digesting.getMessageDigest().digest());
            stamp.ifPresent(read -> KNOWN.put(read.key(), sha256));
            return new WeightFile(name, bytes, sha256);
        }
    }

    /** Size and time of a local file. */
    private record Stamp(String key, long bytes) {}

    private static Optional<Stamp> stamp(Path path) {
        File file = path.toFile();
        return file.exists()
                ? Optional.of(new Stamp(path + " " + file.length() + " " + file.lastModified(), file.length()))
                : Optional.empty();
    }

    List<WeightFile> files() {
        return files;
    }

    /**
     * Returns the folder in which the files are under their names, if the package is on a local disk.
     *
     * @throws PackageProblem if they are not those that the package was opened with
     */
    Optional<Path> local() throws IOException {
        FileSource source = source();
        Optional<Path> folder = source.local("");
        if (folder.isPresent()) {
            for (WeightFile file : files) {
                check(file, measured(file.name(), source));
            }
        }
        return folder;
    }

    /** Refuses weights that do not fit into the memory of this machine. */
    void checkMemory() {
        checkMemory(files.stream().mapToLong(WeightFile::bytes).sum(), machineMemory());
    }

    private FileSource source() throws IOException {
        try {
            return FileSource.at(location, configuration(), PackageFiles.MAX_BYTES);
        } catch (PackageProblem e) {
            throw new PackageProblem(
                    "its weights cannot be read on "
                            + InetAddress.getLocalHost().getHostName() + ", since " + location
                            + " is not there; put packages with external data where all workers can read them",
                    e);
        }
    }

    private static void check(WeightFile expected, WeightFile found) {
        if (!found.equals(expected)) {
            throw new PackageProblem(String.format(
                    Locale.ROOT,
                    "%s has SHA-256 %s (%,d bytes) but had %s (%,d bytes) when the job began; leave a package as it is"
                            + " while jobs run, and start again",
                    expected.name(),
                    found.sha256(),
                    found.bytes(),
                    expected.sha256(),
                    expected.bytes()));
        }
    }

    /** Refuses weights that cannot be in memory: each process that runs the network holds all of them outside its heap. */
    static void checkMemory(long weights, long machine) {
        if (machine > 0 && weights > machine) {
            throw new PackageProblem(String.format(
                    Locale.ROOT,
                    "its weights take %,d MiB but this machine (or container) has %,d MiB of memory; use a larger one, a"
                            + " smaller network or fewer entries",
                    weights >> 20,
                    machine >> 20));
        }
    }

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : 0;
    }

    /** Returns the file of that name. */
    WeightFile named(String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is no file with weights"));
    }

    InputStream open(String name) throws IOException {
        return open(name, source());
    }

    /** Copies a file to another package, and throws if it has changed since this one was opened. */
    void copy(WeightFile file, OutputStream to) throws IOException {
        try (InputStream in = open(file.name())) {
            check(file, measured(file.name(), in, Optional.empty(), to));
        }
    }

    private static byte[] bytes(Configuration hadoop) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            hadoop.write(out);
        }
        return bytes.toByteArray();
    }

    private Configuration configuration() throws IOException {
        Configuration configuration = new Configuration(false);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(hadoop))) {
            configuration.readFields(in);
        }
        return configuration;
    }
}
