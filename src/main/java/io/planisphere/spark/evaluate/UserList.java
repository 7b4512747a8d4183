package io.planisphere.spark.evaluate;

import io.planisphere.source.GivenPath;
import io.planisphere.source.Globs;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A list of user ids.
 *
 * @param rows {@code user string}, without repetition
 */
public record UserList(Dataset<Row> rows) {
    /**
     * Reads a text file with one id per line; surrounding whitespace is removed, and empty lines and those that start with # are
     * ignored.
     *
     * @throws IllegalArgumentException if the file does not exist or has no ids
     */
    public static UserList read(SparkSession spark, String uri) throws IOException {
        GivenPath list =
                GivenPath.of("--exclude-users", uri, spark.sessionState().newHadoopConf());
        if (!list.exists()) {
            throw new IllegalArgumentException("Cannot read users from " + uri + ": there is no such file");
        }
        // \\uFEFF is the byte order mark that some editors write first
        Dataset<Row> users = spark.read()
                .text(Globs.literal(list.refuseColon().path()))
                .selectExpr("regexp_replace(value, '^[\\\\s\\uFEFF]+|\\\\s+$', '') as user")
                .where("user <> '' and not startswith(user, '#')")
                .distinct();
        if (users.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read users from " + uri + ": it names none; write one id per line");
        }
        return new UserList(users);
    }
}
