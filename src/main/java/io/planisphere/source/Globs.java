package io.planisphere.source;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Escapes paths for Hadoop's globs. */
public final class Globs {
    // Characters by which Spark recognises a glob, and which are special to Hadoop; a comma, ^, ! and - are special
    // only between them.
    private static final Pattern SPECIAL = Pattern.compile("[\\\\*?\\[\\]{}]");
    private static final Pattern COLON_IN_A_NAME = Pattern.compile("/[^/]*:");

    private Globs() {}

    /** Returns the glob that matches {@code path} and nothing else. */
    public static String literal(String path) {
        return literal(new Path(path));
    }

    /**
     * Returns the glob that matches {@code path} and nothing else.
     *
     * @throws InputException if there is none, because Hadoop's globs cannot contain a colon
     */
    public static String literal(Path path) {
        String names = path.toUri().getPath();
        if (!isGlob(names)) {
            return path.toString();
        }
        if (COLON_IN_A_NAME.matcher(names).find()) {
            throw new InputException(
                    "Path " + path + " has a colon and one of \\ * ? [ ] { } in it, which Hadoop cannot"
                            + " read together; rename a file or folder of it");
        }
        return new Path(path.toUri().getScheme(), path.toUri().getAuthority(), escaped(names)).toString();
    }

    static boolean isGlob(String names) {
        return SPECIAL.matcher(names).find();
    }

    static String escaped(String names) {
        return SPECIAL.matcher(names).replaceAll("\\\\$0");
    }
}
