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
 * A path on some Hadoop file system, as a user writes it. It is literal where something has that name, and {@code %20} is three
 * characters always. What does not exist is a glob, but for its leading folders that exist under their names: {@code /a [1]/*.tar}
 * finds the tars in the folder {@code a [1]}. A backslash makes the next character of a glob literal.
 *
 * @param what names the path in messages, such as an option
 * @param given as the user writes it
 */
public record GivenPath(String what, String given, Path path, FileSystem fs) {
    private static final String COLON = ":";

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws IOException;
    }

    /**
     * Takes what a user wrote; looks at no file.
     *
     * @throws InputException if it is no path, or its file system is not installed
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
        } catch (IllegalArgumentException e) { // a host without an address, for one
            throw new InputException(what + " " + given + " cannot be opened: " + e.getMessage());
        }
    }

    /** Whether something has that name. */
    public boolean exists() throws IOException {
        return ask(() -> fs.exists(path));
    }

    /** What has that name, else what the glob matches; empty if there is nothing. */
    public List<FileStatus> found() throws IOException {
        if (exists()) {
            return List.of(fs.getFileStatus(path));
        }
        FileStatus[] matches = ask(() -> fs.globStatus(new Path(glob())));
        return matches == null ? List.of() : Arrays.asList(matches);
    }

    /**
     * The same for those who read every path as a glob, as Spark does.
     *
     * @throws InputException if no glob can say it
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
     * Opens the file that has that name, to read it.
     *
     * @throws FileNotFoundException if there is none
     */
    public FSDataInputStream open() throws IOException {
        return ask(() -> FileSystems.plain(fs).open(path));
    }

    /**
     * Refuses a file that could be written through Hadoop's checksums only, which know no colons.
     *
     * @throws InputException if it is one
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

    /** File systems refuse some names, and globs, by exceptions that a defect could throw, too. */
    private <T> T ask(Question<T> question) throws IOException {
        try {
            return question.answer();
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
