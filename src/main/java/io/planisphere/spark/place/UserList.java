package io.planisphere.spark.place;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
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
        Path path = new Path(uri);
        if (!path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path)) {
            throw new IllegalArgumentException("Cannot read users from " + uri + ": there is no such file");
        }
        // \\uFEFF is the byte order mark that some editors leave in front
        Dataset<Row> users = spark.read()
                .text(uri)
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
