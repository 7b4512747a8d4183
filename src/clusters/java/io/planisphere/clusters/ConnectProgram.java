package io.planisphere.clusters;

import io.planisphere.Planisphere;
import io.planisphere.source.InputException;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A client of Spark Connect in Java: prints its first label by SQL, then the refusals of {@link Planisphere}'s methods. */
final class ConnectProgram {
    private ConnectProgram() {}

    /** Runs the client; the arguments are the server's address and a path of photos. */
    public static void main(String[] args) throws IOException {
        try (SparkSession spark = SparkSession.builder().remote(args[0]).getOrCreate()) {
            Dataset<Row> photos =
                    spark.read().format("binaryFile").load(args[1]).selectExpr("path id", "path uri", "content");
            System.out.println("= "
                    + photos.selectExpr("classify(content).labels[0].label")
                            .first()
                            .getString(0));
            List<Runnable> calls = List.of(
                    () -> Planisphere.classify(photos, "builtin:mobilenet-v2"),
                    () -> Planisphere.faces(photos, "builtin:face-detector", "builtin:face-attributes", List.of()),
                    () -> Planisphere.register(spark));
            for (Runnable call : calls) {
                try {
                    call.run();
                    System.out.println("= not refused");
                } catch (InputException e) {
                    System.out.println("= " + e.getMessage());
                }
            }
        }
    }
}
