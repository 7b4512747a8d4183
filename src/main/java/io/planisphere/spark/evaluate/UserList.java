package io.planisphere.spark.evaluate;

import io.planisphere.source.GivenPath;
import io.planisphere.source.Globs;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Users by their ids.
 *
 * @param rows {@code user string}, each once
 */
public record UserList(Dataset<Row> rows) {
    /**
     * Reads a text file, one id per line, with space around it cut off; empty lines and those that start with # say nothing.
     *
     * @throws IllegalArgumentException if there is no such file, or no id in it
     */
    public static UserList read(SparkSession spark, String uri) throws IOException {
        GivenPath list =
                GivenPath.of("--exclude-users", uri, spark.sessionState().newHadoopConf());
        if (!list.exists()) {
            throw new IllegalArgumentException("Cannot read users from " + uri + ": there is no such file");
        }
        // \\uFEFF is the byte order mark that some editors leave in front
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
