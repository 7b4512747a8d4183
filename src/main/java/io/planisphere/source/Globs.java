package io.planisphere.source;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Hadoop's globs. */
public final class Globs {
    // What Spark tells a glob by, and Hadoop takes for more than itself: a comma, ^, ! and - count between those only.
    private static final Pattern SPECIAL = Pattern.compile("[\\\\*?\\[\\]{}]");
    private static final Pattern COLON_IN_A_NAME = Pattern.compile("/[^/]*:");

    private Globs() {}

    /** The glob that matches {@code path} and nothing else. */
    public static String literal(String path) {
        return literal(new Path(path));
    }

    /**
     * The glob that matches {@code path} and nothing else.
     *
     * @throws InputException if there is none, since Hadoop's globs cannot pass a colon
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
