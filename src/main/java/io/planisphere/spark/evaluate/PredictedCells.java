package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import com.google.common.geometry.S2CellId;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.commit.OutputName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The S2 cells in the rows of a {@code locate} run. */
public final class PredictedCells {
    private static final List<String> COLUMNS = List.of("id", "uri", "status", "cell", "confidence", "cells");
    private static final int MOST_NAMED = 3;

    private final String run;
    private final Dataset<Row> rows;

    private PredictedCells(String run, Dataset<Row> rows) {
        this.run = run;
        this.rows = rows;
    }

    /** A predicted cell, the number of photos in it, and their mean confidence. */
    public record Count(S2CellId id, long photos, double meanConfidence) {}

    /** A candidate cell of one photo's prediction. */
    public record Candidate(S2CellId id, double probability, double latitude, double longitude) {}

    /**
     * Opens the run without reading rows.
     *
     * @throws IllegalArgumentException if it is not a run of {@code locate}
     */
    public static PredictedCells open(SparkSession spark, String run) throws IOException {
        if (!OutputName.isTable(run)
                && !hasRows(GivenPath.of("--run", run, spark.sessionState().newHadoopConf()))) {
            throw new IllegalArgumentException(
                    "Cannot read a run from " + run + ": it holds no rows; give the --output of a locate run");
        }
        Dataset<Row> rows = CommittedRows.read(spark, "--run", run);
        if (!Arrays.asList(rows.columns()).containsAll(COLUMNS)) {
            throw new IllegalArgumentException(
                    "Cannot map %s: its columns are %s, but rows of locate have %s; give the --output of a locate run"
                            .formatted(run, String.join(", ", rows.columns()), String.join(", ", COLUMNS)));
        }
        return new PredictedCells(run, rows);
    }

    /** Returns the number of rows of the run, with a cell or without. */
    public long photos() {
        return rows.count();
    }

    /** Returns every predicted cell, those with the most photos first; the driver holds one row per cell. */
    public List<Count> counts() {
        return rows
                .where(col("cell").isNotNull())
                .groupBy("cell")
                .agg(count(lit(1)).as("photos"), avg("confidence"))
                .orderBy(col("photos").desc(), col("cell"))
                .collectAsList()
                .stream()
                .map(row -> new Count(S2CellId.fromToken(row.getString(0)), row.getLong(1), row.getDouble(2)))
                .toList();
    }

    /**
     * Returns the cells of one photo's row, most probable first.
     *
     * @param photo id or uri of the photo
     * @throws IllegalArgumentException if no row or several rows have that id or uri, or the row has no cells
     */
    public List<Candidate> of(String photo) {
        List<Row> found = rows.where(col("uri").equalTo(photo).or(col("id").equalTo(photo)))
                .select("uri", "status", "detail", "cells")
                .orderBy("uri")
                .takeAsList(MOST_NAMED);
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "No row of %s has the id or uri %s; give --photo as the columns id and uri have it"
                            .formatted(run, photo));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("Several photos of %s have the id %s; give the uri of one, such as %s"
                    .formatted(
                            run,
                            photo,
                            String.join(
                                    " or ",
                                    found.stream().map(row -> row.getString(0)).toList())));
        }
        Row row = found.get(0);
        if (row.isNullAt(3)) {
            throw new IllegalArgumentException("Photo %s has no cells: it is %s%s"
                    .formatted(photo, row.getString(1), row.isNullAt(2) ? "" : " (" + row.getString(2) + ")"));
        }
        List<Row> cells = row.getList(3);
        return cells.stream()
                .map(cell -> new Candidate(
                        S2CellId.fromToken(cell.getAs("token")),
                        cell.<Float>getAs("probability"),
                        cell.getAs("latitude"),
                        cell.getAs("longitude")))
                .toList();
    }

    private static boolean hasRows(GivenPath run) throws IOException {
        try {
            return Arrays.stream(run.fs().listStatus(run.path()))
                    .map(FileStatus::getPath)
                    .anyMatch(entry -> entry.getName().startsWith("batch="));
        } catch (FileNotFoundException e) {
            return false;
        }
    }
}
