package io.planisphere.spark.commit.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import io.planisphere.source.InputException;
import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one run in a table of a catalog. The table has the columns of the rows and {@code batch BIGINT}; it belongs to one
 * run, whose UUID is in its properties, and the batches from 0 belong to that run.
 *
 * <p>A commit replaces whole batches by one atomic overwrite, and records its id in the history of the table. The order of calls:
 * {@link #open} at the start of a run, {@link #fence} once with its new epoch, then {@link #replace} as often as needed. After
 * {@link #fence} has returned, no commit of an older epoch succeeds: Delta Lake and Apache Iceberg refuse it in their own atomic
 * commit, no matter how long its driver was paused. The result of {@link #committed} is then final for older epochs. Tables of
 * other formats have neither fence nor history.
 *
 * <p>Not thread-safe: one driver commits one batch after the other.
 */
public final class RowTable {
    /** The column with the batch of a row. */
    public static final String BATCH = "batch";

    private static final Logger LOG = LoggerFactory.getLogger(RowTable.class);
    private static final String OWNER = "planisphere.run";
    private static final String STATE = "planisphere.state";
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9-]+");
    private static final int ATTEMPTS = 5;

    private final SparkSession spark;
    private final TableName name;
    private final StructType rowSchema;
    private final StructType tableSchema;
    private final String run;
    private final TableDescription description;
    private final TableFormat format;

    private RowTable(
            SparkSession spark, TableName name, StructType rowSchema, String run, TableDescription description) {
        this.spark = spark;
        this.name = name;
        this.rowSchema = rowSchema;
        this.run = run;
        this.description = description;
        tableSchema = spark.table(name.quoted()).schema();
        format = TableFormat.of(spark, name, description.provider());
    }

    /**
     * Opens a table for the rows of a run, and creates it if it does not exist.
     *
     * @param name catalog.namespace.table
     * @param rowSchema columns of the rows, without batch; a table may have more that are nullable, which are written as null
     * @param run UUID of the output
     * @throws InputException if there is no such catalog, if the table cannot take the rows, or if it belongs to another run
     */
    public static RowTable open(SparkSession spark, String name, StructType rowSchema, String run) {
        return open(spark, TableName.parse(spark, name), rowSchema, run);
    }

    /**
     * Reads the rows of a table or view, whoever wrote it, without opening it for writing.
     *
     * @throws InputException if it does not exist
     */
    public static Dataset<Row> read(SparkSession spark, String name) {
        TableName table = TableName.parse(spark, name);
        if (describe(spark, table).isEmpty()) {
            throw missing(table);
        }
        spark.catalog().refreshTable(table.quoted());
        Dataset<Row> rows = spark.table(table.quoted());
        return Arrays.asList(rows.columns()).contains(BATCH)
                ? rows.where(col(BATCH).isNull().or(col(BATCH).notEqual(TableFormat.FENCE_BATCH)))
                : rows;
    }

    private static RowTable open(SparkSession spark, TableName name, StructType rowSchema, String run) {
        if (!RUN.matcher(run).matches()) {
            throw new IllegalArgumentException("Not the id of a run: " + run);
        }
        Optional<TableDescription> existing = describe(spark, name);
        if (existing.isPresent()) {
            return checked(spark, name, rowSchema, run, existing.get());
        }
        boolean created = create(spark, name, rowSchema, run);
        try {
            return checked(spark, name, rowSchema, run, describe(spark, name).orElseThrow(() -> missing(name)));
        } catch (InputException e) {
            if (created) {
                spark.sql("DROP TABLE IF EXISTS " + name.quoted());
            }
            throw e;
        }
    }

    private static InputException missing(TableName name) {
        return new InputException("Table %s does not exist; see SHOW TABLES, and check its name".formatted(name));
    }

    static Optional<TableDescription> describe(SparkSession spark, TableName name) {
        try {
            return Optional.of(TableDescription.of(spark.sql("DESCRIBE TABLE EXTENDED " + name.quoted())
                    .select("col_name", "data_type")
                    .collectAsList()));
        } catch (Exception e) {
            // Scala does not declare checked exceptions
            if (e instanceof SparkThrowable known
                    && known.getCondition() != null
                    && known.getCondition().matches("(TABLE_OR_VIEW|SCHEMA)_NOT_FOUND")) {
                return Optional.empty();
            }
            throw new InputException("Table %s cannot be read: %s; check --packages and the settings of catalog %s"
                    .formatted(name, firstLine(e), name.parts().get(0)));
        }
    }

    /** Creates the table; returns false if another writer created it first. */
    private static boolean create(SparkSession spark, TableName name, StructType rowSchema, String run) {
        Optional<String> provider = providerOfNew(spark, name);
        CreateTableWriter<Row> writer = spark.createDataFrame(List.of(), withBatch(rowSchema))
                .writeTo(name.quoted())
                .partitionedBy(col(BATCH))
                .tableProperty(OWNER, run);
        if (provider.isPresent()) {
            writer = writer.using(provider.get());
        }
        try {
            writer.create();
        } catch (TableAlreadyExistsException e) {
            return false;
        } catch (Exception e) {
            LOG.debug("Table {} cannot be created", name, e);
            throw new InputException("Table %s cannot be created: %s".formatted(name, firstLine(e)));
        }
        LOG.info("Table {} created", name);
        return true;
    }

    /** Returns the format to name when creating the table; empty for the catalog's default. */
    private static Optional<String> providerOfNew(SparkSession spark, TableName name) {
        if (!name.isOfSessionCatalog()) {
            return Optional.empty();
        }
        return Optional.of(sessionProvider(spark)
                .orElseThrow(
                        () -> new InputException(("Table %s cannot be created: the session catalog makes tables that "
                                        + "cannot overwrite rows by a filter; use a catalog of Delta Lake or Apache Iceberg, "
                                        + "docs/tables.md")
                                .formatted(name))));
    }

    /**
     * Returns the format for a new table in the session catalog, which creates tables of Spark's own formats unless Delta Lake or
     * Iceberg has replaced it.
     */
    private static Optional<String> sessionProvider(SparkSession spark) {
        String catalog = spark.conf().get("spark.sql.catalog.spark_catalog", "").toLowerCase(Locale.ROOT);
        return List.of("delta", "iceberg").stream().filter(catalog::contains).findFirst();
    }

    private static RowTable checked(
            SparkSession spark, TableName name, StructType rowSchema, String run, TableDescription description) {
        requireFit(spark, name, rowSchema, run, description);
        RowTable table = new RowTable(spark, name, rowSchema, run, description);
        table.claim();
        return table;
    }

    /**
     * Makes the checks of {@link #open}, and writes nothing.
     *
     * @param run as for {@link #open}; empty for a new run
     * @throws InputException as for {@link #open}
     */
    public static void require(SparkSession spark, String name, StructType rowSchema, String run) {
        TableName table = TableName.parse(spark, name);
        Optional<TableDescription> existing = describe(spark, table);
        if (existing.isPresent()) {
            requireFit(spark, table, rowSchema, run, existing.get());
        } else {
            providerOfNew(spark, table);
        }
    }

    private static void requireFit(
            SparkSession spark, TableName name, StructType rowSchema, String run, TableDescription description) {
        if (description.isView()) {
            throw new InputException("%s is a view, and rows cannot be written to it; give a table".formatted(name));
        }
        spark.catalog().refreshTable(name.quoted());
        ColumnFit.misfit(spark.table(name.quoted()).schema(), withBatch(rowSchema))
                .ifPresent(misfit -> {
                    throw new InputException(
                            "Table %s cannot take the rows: %s; give a table with these columns, or one that does not exist yet"
                                    .formatted(name, misfit));
                });
        requireOverwrite(spark, name, description);
        if (TableFormat.of(spark, name, description.provider()).needsPartitions()
                && !description.partitions().contains(BATCH)) {
            throw new InputException("Table %s is not partitioned by %s; create it with PARTITIONED BY (%s)"
                    .formatted(name, BATCH, BATCH));
        }
        Optional<String> owner = property(spark, name, OWNER);
        if (owner.isPresent() && !owner.get().equals(run)) {
            throw new InputException(
                    "Table %s has the rows of another run%s; give the --state of that run, or another table"
                            .formatted(
                                    name,
                                    property(spark, name, STATE)
                                            .map(state -> ", whose --state is " + state)
                                            .orElse(", " + owner.get())));
        }
        if (owner.isEmpty()
                && !spark.table(name.quoted()).where(col(BATCH).isNotNull()).isEmpty()) {
            throw new InputException(
                    "Table %s has rows with a %s that no run wrote; set their %s to null, or give another table"
                            .formatted(name, BATCH, BATCH));
        }
    }

    private static Optional<String> property(SparkSession spark, TableName name, String key) {
        return spark.sql("SHOW TBLPROPERTIES " + name.quoted()).collectAsList().stream()
                .filter(property -> property.getString(0).equals(key))
                .map(property -> property.getString(1))
                .findFirst();
    }

    /** Returns the location of the state of the run that wrote the table; empty if the table has no such property. */
    public static Optional<String> stateOf(SparkSession spark, String name) {
        TableName table = TableName.parse(spark, name);
        if (describe(spark, table).isEmpty()) {
            throw missing(table);
        }
        return property(spark, table, STATE);
    }

    /** Stores the location of the run's state in the table's properties, for readers of the table. */
    public void rememberState(String uri) {
        if (!property(spark, name, STATE).filter(uri::equals).isPresent()) {
            setProperty(STATE, uri);
        }
    }

    private void setProperty(String key, String value) {
        spark.sql("ALTER TABLE %s SET TBLPROPERTIES ('%s' = '%s')"
                .formatted(name.quoted(), key, value.replace("\\", "\\\\").replace("'", "\\'")));
    }

    /** Checks that an overwrite can be planned, without writing anything. */
    private static void requireOverwrite(SparkSession spark, TableName name, TableDescription description) {
        String plan = spark
                .sql(String.format(
                        Locale.ROOT,
                        "EXPLAIN INSERT INTO %s REPLACE WHERE %s IN (%dL) SELECT * FROM %s WHERE false",
                        name.quoted(),
                        BATCH,
                        TableFormat.FENCE_BATCH,
                        name.quoted()))
                .collectAsList()
                .stream()
                .map(line -> line.getString(0))
                .limit(2)
                .reduce("", (before, line) -> before + line);
        if (plan.startsWith("Error occurred during query planning")) {
            throw new InputException(
                    ("Table %s (%s) cannot overwrite rows by a filter; give a table of Delta Lake or Apache "
                                    + "Iceberg, through the catalog of its format, docs/tables.md")
                            .formatted(name, description.provider()));
        }
    }

    /** Claims the table for this run: batches of two runs in one table would replace each other. */
    private void claim() {
        if (property(spark, name, OWNER).isEmpty()) {
            setProperty(OWNER, run);
        }
    }

    /** Returns the format of the table as named by its catalog, in lower case. */
    public String provider() {
        return description.provider();
    }

    /** Returns the committed rows: the columns of the rows, then batch. They are read as of this call, or later. */
    public Dataset<Row> rows() {
        spark.catalog().refreshTable(name.quoted());
        List<Column> columns = new ArrayList<>();
        for (StructField field : rowSchema.fields()) {
            Column column = column(field.name());
            DataType type = field.dataType();
            columns.add(
                    type instanceof ByteType || type instanceof ShortType
                            ? column.cast(type).as(field.name())
                            : column);
        }
        columns.add(col(BATCH));
        return spark.table(name.quoted()).where(col(BATCH).geq(0L)).select(columns.toArray(Column[]::new));
    }

    /**
     * Makes all commits of older epochs fail from then on, including those that have begun. A reader may see one row with batch
     * -1 and nulls in an Iceberg table until this returns; {@link #rows} and {@link #read} leave it out, and if the process dies
     * in between, the next commit removes it.
     *
     * @param epoch epoch of this run, higher than those of all earlier runs
     * @throws FencedException if a run with a higher epoch was faster
     */
    public void fence(long epoch) {
        for (Part part : format.fence()) {
            overwrite(
                    part == Part.FENCE_ROW ? fenceRow() : fenceRow().limit(0),
                    new TreeSet<>(List.of(TableFormat.FENCE_BATCH)),
                    TableCommit.ofFence(run, epoch, part));
        }
        // an existing fence is not enough if a newer one has been committed since
        refuseIfFenced(TableCommit.ofFence(run, epoch, Part.FENCE), null);
    }

    /**
     * Replaces the rows of these batches, all at once; other batches stay as they are. If the acknowledgement of the commit was
     * lost, finds it in the history. A commit that conflicts with other writers is retried after a pause.
     *
     * @param batches batch numbers from 0; each is in the filter of the overwrite, so pass some thousands at most
     * @param rows rows with the batch column; if there are none, the batches become empty; they may be read more than once
     * @param id id that was not used for other rows before
     * @throws FencedException if a later run has fenced the epoch of the id; nothing was written in that case
     */
    public void replace(SortedSet<Long> batches, Dataset<Row> rows, CommitId id) {
        if (batches.isEmpty() || batches.first() < 0) {
            throw new IllegalArgumentException("Batches must be from 0, got " + batches);
        }
        overwrite(tableRows(rows, batches), batches, TableCommit.ofRows(run, id));
    }

    /** Returns whether the history of the table contains this commit. Always false for formats without history. */
    public boolean committed(CommitId id) {
        return format.holds(TableCommit.ofRows(run, id));
    }

    private void overwrite(Dataset<Row> rows, SortedSet<Long> batches, TableCommit commit) {
        TreeSet<Long> filter = new TreeSet<>(batches);
        filter.addAll(format.guardBatches());
        for (int attempt = 1; ; attempt++) {
            DataFrameWriterV2<Row> writer = rows.writeTo(name.quoted()).options(format.options(commit));
            try {
                writer.overwrite(col(BATCH).isin(filter.toArray()));
            } catch (NoSuchTableException e) {
                throw new InputException("Table %s is gone; it existed when this run began".formatted(name));
            } catch (RuntimeException e) {
                if (format.holds(commit)) {
                    LOG.info("{} is in the history of table {}, although it was reported as failed", commit, name, e);
                    return;
                }
                refuseIfFenced(commit, e);
                if (!format.isConflict(e) || attempt == ATTEMPTS || !pause(attempt)) {
                    throw e;
                }
                LOG.info("Another writer of table {} was faster; {} is tried again", name, commit);
                continue;
            }
            if (format.skipsSilently() && !format.holds(commit)) {
                refuseIfFenced(commit, null);
                throw new IllegalStateException(
                        "Table %s took %s, but its history does not hold it".formatted(name, commit));
            }
            return;
        }
    }

    private void refuseIfFenced(TableCommit commit, @Nullable Throwable cause) {
        OptionalLong newest = format.newestEpoch(run);
        if (newest.isPresent() && newest.getAsLong() > commit.epoch()) {
            throw new FencedException(commit, name, newest.getAsLong(), cause);
        }
    }

    /** Waits before another attempt; returns false if the thread was interrupted. */
    private static boolean pause(int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(100L << attempt);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Returns the rows in the columns of the table. A row of another batch fails the write, because no later overwrite would
     * remove it.
     */
    private Dataset<Row> tableRows(Dataset<Row> rows, SortedSet<Long> batches) {
        List<String> known = Arrays.asList(rowSchema.fieldNames());
        List<Column> columns = new ArrayList<>();
        for (StructField field : tableSchema.fields()) {
            if (field.name().equals(BATCH)) {
                columns.add(when(col(BATCH).isin(batches.toArray()), col(BATCH))
                        .otherwise(raise_error(lit("A row has a batch that is not one of those to be replaced"))
                                .cast(DataTypes.LongType))
                        .as(BATCH));
            } else if (known.contains(field.name())) {
                columns.add(column(field.name()));
            } else {
                columns.add(lit(null).cast(field.dataType()).as(field.name()));
            }
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> fenceRow() {
        List<Column> columns = new ArrayList<>();
        for (StructField field : tableSchema.fields()) {
            columns.add(lit(field.name().equals(BATCH) ? TableFormat.FENCE_BATCH : null)
                    .cast(field.dataType())
                    .as(field.name()));
        }
        return spark.range(1).select(columns.toArray(Column[]::new));
    }

    private static StructType withBatch(StructType rowSchema) {
        StructType all = new StructType();
        for (StructField field : rowSchema.fields()) {
            all = all.add(field.name(), field.dataType(), true);
        }
        return all.add(BATCH, DataTypes.LongType, true);
    }

    private static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
