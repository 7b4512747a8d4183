package io.planisphere.spark;

import io.planisphere.source.Globs;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The faces of a run's rows as a table of their own, one row each: {@code id, uri, width, height} of the photo, {@code face},
 * its place in the photo's row from 0, and all that the row says of it. Made from the rows, anew each time, and there whole or
 * not at all; photos without faces are not in it.
 */
public final class FaceTable {
    /** Tells our table from somebody's folder. */
    private static final String MARKER = "_faces";

    private final Path path;
    private final FileSystem fileSystem;

    public FaceTable(String uri, Configuration hadoop) throws IOException {
        path = new Path(uri);
        fileSystem = path.getFileSystem(hadoop);
    }

    /** Whether something stands there that this class did not write and must not replace. */
    public boolean isForeign() throws IOException {
        return fileSystem.exists(path) && !fileSystem.exists(new Path(path, MARKER));
    }

    /** Whether it would lie in the output of a run, or be it, and be taken for rows there. */
    public boolean isIn(String output) {
        Path rows = fileSystem.makeQualified(new Path(output));
        for (Path above = fileSystem.makeQualified(path); above != null; above = above.getParent()) {
            if (above.equals(rows)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes the table.
     *
     * @param output of the run
     * @param schema of its rows
     */
    public void write(SparkSession spark, String output, StructType schema) throws IOException {
        Path unfinished = path.suffix("._unfinished");
        spark.read()
                .schema(schema)
                .parquet(Globs.literal(output))
                .selectExpr("id", "uri", "width", "height", "posexplode(faces) AS (face, described)")
                .selectExpr("id", "uri", "width", "height", "face", "described.*")
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(unfinished.toString());
        fileSystem.create(new Path(unfinished, MARKER)).close();
        fileSystem.delete(path, true);
        if (!fileSystem.rename(unfinished, path)) {
            throw new IOException("Cannot rename " + unfinished + " to " + path);
        }
    }
}
