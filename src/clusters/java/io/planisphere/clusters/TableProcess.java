package io.planisphere.clusters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts drivers in separate processes that execute {@link TableProgram}'s commands on one table. */
final class TableProcess {
    private TableProcess() {}

    /** Starts a driver without waiting until Spark is ready. */
    static ProgramProcess start(TableConnector connector, Path folder, String table, Path log) throws IOException {
        Map<String, String> settings = new HashMap<>(connector.configuration(folder));
        settings.putAll(Map.of(
                "spark.app.name", "TableProgram",
                "spark.sql.shuffle.partitions", "2",
                "derby.system.home", folder.toString()));
        return new ProgramProcess(
                settings,
                List.of(
                        connector.spark() + "/jars/*",
                        connector.jars() + "/*",
                        "target/planisphere.jar",
                        "target/test-classes"),
                List.of(TableProgram.class.getName(), table),
                log);
    }
}
