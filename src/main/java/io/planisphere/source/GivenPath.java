package io.planisphere.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A path on any Hadoop file system, as given by a user. A path that exists is literal, and {@code %20} is always three
 * characters. A path that does not exist is a glob, except for its leading folders that exist under their literal names: {@code
 * /a [1]/*.tar} finds the tars in the folder {@code a [1]}. A backslash makes the next character of a glob literal.
 *
 * @param what name of the path in messages, such as an option
 * @param given the path as given
 */
public record GivenPath(String what, String given, Path path, FileSystem fs) {
    private static final String COLON = ":";

    @FunctionalInterface
    private interface Access<T> {
        T get() throws IOException;
    }

    /**
     * Parses a path without accessing files.
     *
     * @throws InputException if it is not a path, or its file system is not installed
     */
    public static GivenPath of(String what, String given, Configuration hadoop) throws IOException {
        Path path;
        try {
            path = new Path(given);
        } catch (IllegalArgumentException e) {
            boolean isName = given.contains(COLON) && !given.contains("/");
            throw new InputException("%s '%s' is no path: %s%s"
                    .formatted(what, given, e.getMessage(), isName ? "; for a file of this name give ./" + given : ""));
        }
        Optional<String> missing = FileSystems.missing(path, hadoop);
        if (missing.isPresent()) {
            throw new InputException(what + " " + given + " cannot be opened. " + missing.get());
        }
        try {
            return new GivenPath(what, given, path, path.getFileSystem(hadoop));
        } catch (IllegalArgumentException e) { // for example a host without an address
            throw new InputException(what + " " + given + " cannot be opened: " + e.getMessage());
        }
    }

    /** Returns whether a file or folder has that name. */
    public boolean exists() throws IOException {
        return ask(() -> fs.exists(path));
    }

    /** Returns the file or folder of that name, otherwise the matches of the glob; empty if there are none. */
    public List<FileStatus> found() throws IOException {
        if (exists()) {
            return List.of(fs.getFileStatus(path));
        }
        FileStatus[] matches = ask(() -> fs.globStatus(new Path(glob())));
        return matches == null ? List.of() : Arrays.asList(matches);
    }

    /**
     * Returns the path for callers that interpret every path as a glob, as Spark does.
     *
     * @throws InputException if no glob can express it
     */
    public String glob() throws IOException {
        String whole = path.toUri().getPath();
        if (exists()) {
            return Globs.literal(path);
        }
        int literal = 0;
        for (int slash = whole.indexOf('/', 1); slash > 0; slash = whole.indexOf('/', slash + 1)) {
            String folder = whole.substring(0, slash);
            if (Globs.isGlob(folder) && !ask(() -> fs.exists(at(folder)))) {
                break;
            }
            literal = slash;
        }
        return at(Globs.escaped(whole.substring(0, literal)) + whole.substring(literal))
                .toString();
    }

    /**
     * Opens the file of that name for reading.
     *
     * @throws FileNotFoundException if there is none
     */
    public FSDataInputStream open() throws IOException {
        return ask(() -> FileSystems.plain(fs).open(path));
    }

    /**
     * Throws for a file on a local disk with a colon in its name, because Hadoop's local file system writes checksum files, for
     * which it does not accept colons.
     *
     * @throws InputException if it is such a file
     */
    public GivenPath refuseColon() {
        if (fs instanceof LocalFileSystem && path.getName().contains(COLON)) {
            throw new InputException(what + " " + given
                    + " has a colon in its last part, which Hadoop refuses on local disks; rename it");
        }
        return this;
    }

    private Path at(String itsPath) {
        return itsPath.isEmpty()
                ? path
                : new Path(path.toUri().getScheme(), path.toUri().getAuthority(), itsPath);
    }

    /** Calls a file system, which rejects some names and globs with exceptions that a defect could also throw. */
    private <T> T ask(Access<T> access) throws IOException {
        try {
            return access.get();
        } catch (IllegalArgumentException e) {
            boolean isColon = String.valueOf(e.getMessage()).contains("Relative path in absolute URI");
            throw new InputException(what + " " + given + " cannot be opened: "
                    + (isColon
                            ? "a file or folder there has a colon in its name, which Hadoop's globs cannot pass; rename it"
                            : e.getMessage()));
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("Illegal file pattern")) {
                throw new InputException(
                        what + " " + given + " does not exist, and is no glob either: " + e.getMessage());
            }
            throw e;
        }
    }
}
