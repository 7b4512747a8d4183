package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From and to {@code hdfs://}. */
class HdfsIT {
    private final Undisturbed undisturbed = Undisturbed.collection();
    private Path folder = Path.of("");
    private MiniDFSCluster hdfs;

    @BeforeEach
    void startCluster(@TempDir Path temporary) throws Exception {
        folder = temporary;
        HdfsConfiguration one = new HdfsConfiguration();
        one.setInt("dfs.replication", 1);
        hdfs = new MiniDFSCluster.Builder(one, folder.resolve("hdfs").toFile())
                .numDataNodes(1)
                .build();
        hdfs.waitActive();
        FileSystem fs = hdfs.getFileSystem();
        fs.copyFromLocalFile(
                new org.apache.hadoop.fs.Path(undisturbed.shards().toUri()), new org.apache.hadoop.fs.Path("/shards"));
    }

    @AfterEach
    void stopCluster() {
        hdfs.shutdown();
    }

    @Test
    void shardsAndRowsAndWhatARunRemembersMayAllBeThereOrOneOfThem() throws Exception {
        String there = hdfs.getURI().toString();
        String shards = there + "/shards/*.tar";

        CommandLine both = locate(shards, there + "/rows");
        assertThat(both.run(folder.resolve("both.log"))).contains("480 photos labelled");
        assertThat(relocated(Rows.of(there + "/rows"))).containsExactlyElementsOf(undisturbed.rows());
        assertThat(both.run(folder.resolve("again.log"))).contains("0 photos labelled", "480 photos, 480 rows");

        locate(shards, folder + "/rows").run(folder.resolve("from.log"));
        assertThat(relocated(Rows.of(folder + "/rows"))).containsExactlyElementsOf(undisturbed.rows());

        locate(undisturbed.input(), there + "/rows-of-files").run(folder.resolve("to.log"));
        undisturbed.assertRowsOf(there + "/rows-of-files");
    }

    @Test
    void ofManyStartsOnOneOutputOneGetsTheLease() throws Exception {
        FileSystem fs = hdfs.getFileSystem();

        assertThat(Contenders.holders(fs, new org.apache.hadoop.fs.Path("/rows/_run/lease")))
                .isEqualTo(1);
        assertThat(Contenders.holders(fs, new org.apache.hadoop.fs.Path("/rows/_run/lease")))
                .isEqualTo(1);
    }

    private static CommandLine locate(String input, String output) {
        return CommandLine.locate(input, output, "--shards-per-batch", "4").on("--master", "local[2]");
    }

    private List<String> relocated(List<String> rows) {
        return rows.stream()
                .map(row -> row.replace(hdfs.getURI() + "/shards", "file:" + undisturbed.shards()))
                .sorted()
                .toList();
    }
}
