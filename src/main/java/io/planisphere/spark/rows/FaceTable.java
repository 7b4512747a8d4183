package io.planisphere.spark.rows;

import io.planisphere.source.GivenPath;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The faces of a run's rows as a separate table, one row per face: {@code id, uri, width, height} of the photo, {@code face}, its
 * index in the photo's row from 0, and all its fields. It is rebuilt from the rows each time and replaced atomically; photos
 * without faces are not in it.
 */
public final class FaceTable {
    /** Distinguishes a table of this class from other folders. */
    private static final String MARKER = "_faces";

    private final Path path;
    private final FileSystem fileSystem;

    public FaceTable(String uri, Configuration hadoop) throws IOException {
        GivenPath given = GivenPath.of("--faces-table", uri, hadoop);
        path = given.path();
        fileSystem = given.fs();
    }

    /** Returns whether the folder contains files that this class did not write and must not replace. */
    public boolean isForeign() throws IOException {
        return fileSystem.exists(path) && !fileSystem.exists(new Path(path, MARKER));
    }

    /** Returns whether the table would be inside or equal to the output of a run, where it would be read as rows. */
    public boolean isIn(String output) {
        Path rows = fileSystem.makeQualified(new Path(output));
        for (Path above = fileSystem.makeQualified(path); above != null; above = above.getParent()) {
            if (above.equals(rows)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the pass that writes the table at the end of a run, while no other run can write rows. */
    public JobRows.Pass pass() {
        return (spark, output) -> write(output.rows());
    }

    private void write(Dataset<Row> rows) throws IOException {
        Path unfinished = new Path(path + "._unfinished");
        rows.selectExpr("id", "uri", "width", "height", "posexplode(faces) AS (face, described)")
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
