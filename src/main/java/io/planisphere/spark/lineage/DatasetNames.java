package io.planisphere.spark.lineage;

import io.openlineage.client.utils.DatasetIdentifier;
import io.openlineage.client.utils.DatasetIdentifier.SymlinkType;
import io.openlineage.client.utils.filesystem.FilesystemDatasetUtils;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.commit.table.TableIdentity;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Names of data sets by OpenLineage's rules: a file or folder by its file system and path, a table by its location, with its name
 * in the catalog beside it.
 */
final class DatasetNames {
    static final String TABLE = "table:";
    private static final Pattern PREFIX = Pattern.compile("^(yfcc100m|webdataset|exif|run|albums):");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:/.*");

    private final SparkSession spark;

    DatasetNames(SparkSession spark) {
        this.spark = spark;
    }

    /** Returns the name of an input: of a glob, that of the folder in which its matches lie. */
    Optional<DatasetIdentifier> input(String given) throws IOException {
        if (given.startsWith(TABLE)) {
            return table(given.substring(TABLE.length()));
        }
        String named = PREFIX.matcher(given).replaceFirst("");
        if (named.startsWith(TABLE)) {
            return table(named.substring(TABLE.length()));
        }
        GivenPath path = GivenPath.of("Input", named, spark.sessionState().newHadoopConf());
        Path deepest = path.fs().makeQualified(path.path());
        while (deepest.getParent() != null && !path.fs().exists(deepest)) {
            deepest = deepest.getParent();
        }
        return file(deepest.toUri());
    }

    /** Returns the name of an output at the start of a run; empty for a table that has no location yet. */
    Optional<DatasetIdentifier> outputBefore(String given) throws IOException {
        boolean isNew = given.startsWith(TABLE)
                && TableIdentity.of(spark, given.substring(TABLE.length()))
                        .location()
                        .isEmpty();
        return isNew ? Optional.empty() : output(given);
    }

    /** Returns the name of an output; a file or folder need not exist yet. */
    Optional<DatasetIdentifier> output(String given) throws IOException {
        if (given.startsWith(TABLE)) {
            return table(given.substring(TABLE.length()));
        }
        GivenPath path = GivenPath.of("Output", given, spark.sessionState().newHadoopConf());
        return file(path.fs().makeQualified(path.path()).toUri());
    }

    private static Optional<DatasetIdentifier> file(URI uri) {
        return Optional.of(FilesystemDatasetUtils.fromLocation(uri));
    }

    private Optional<DatasetIdentifier> table(String name) {
        TableIdentity table = TableIdentity.of(spark, name);
        String setting = "spark.sql.catalog." + table.catalog();
        String namespace = setting(setting + ".uri")
                .or(() -> setting(setting + ".warehouse"))
                .or(() ->
                        table.catalog().equals("spark_catalog") ? setting("spark.sql.warehouse.dir") : Optional.empty())
                .orElse(table.catalog());
        return Optional.of(table.location()
                .filter(found -> SCHEME.matcher(found).matches())
                .map(found -> FilesystemDatasetUtils.fromLocation(new Path(found).toUri())
                        .withSymlink(table.nameInCatalog(), namespace, SymlinkType.TABLE))
                .orElseGet(() -> new DatasetIdentifier(table.nameInCatalog(), namespace)));
    }

    private Optional<String> setting(String key) {
        return spark.conf().contains(key) ? Optional.of(spark.conf().get(key)) : Optional.empty();
    }
}
