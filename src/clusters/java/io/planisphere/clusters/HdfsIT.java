package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads from and writes to {@code hdfs://}. */
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
    void inputsOutputsOrBothCanBeOnHdfs() throws Exception {
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
    void pathsCanContainSpecialCharactersOfGlobsAndUris() throws Exception {
        FileSystem fs = hdfs.getFileSystem();
        String strange = "/ [1] {a,b} * ? # %20 \\[x=1 it's \"ä日\" ";
        for (String photo : List.of("earth-01.jpg", "earth-02.jpg")) {
            fs.copyFromLocalFile(
                    new org.apache.hadoop.fs.Path("src/samples/earth/" + photo),
                    new org.apache.hadoop.fs.Path(strange + "/photos [2]/" + photo));
        }
        String there = hdfs.getURI() + strange;
        String rows = there + "/rows [3]";
        CommandLine locate = locate(there + "/photos [2]", rows);

        assertThat(locate.run(folder.resolve("photos.log"))).contains("2 photos, 2 rows: 2 ok");
        assertThat(locate.andOption("--retry", "ok").run(folder.resolve("retry.log")))
                .contains("2 photos labelled", "2 photos, 2 rows: 2 ok");
        CommandLine evaluate = new CommandLine(
                "evaluate",
                List.of("--predictions", rows, "--truth", "exif:" + there + "/photos [2]", "--match", "uri"),
                List.of("--master", "local[2]"),
                Map.of());
        assertThat(evaluate.andOption("--output", there + "/scores").run(folder.resolve("scores.log")))
                .contains("2 photos with a true place");
    }

    /** GeoCLIP over a small CLIP, whose weights and gallery are files beside its network. */
    @Test
    void executorsFetchWeightsBesideTheNetworkAndDeleteThem() throws Exception {
        String there = hdfs.getURI() + "/geoclip";
        hdfs.getFileSystem()
                .copyFromLocalFile(
                        new org.apache.hadoop.fs.Path("src/test/resources/geoclip/package"),
                        new org.apache.hadoop.fs.Path("/geoclip"));
        Path temporary = Files.createDirectory(folder.resolve("executors"));
        CommandLine here = CommandLine.locate(
                        "src/samples/photos", folder + "/here", "--model", "src/test/resources/geoclip/package")
                .on("--master", "local[2]");
        here.run(folder.resolve("here.log"));
        CommandLine away = CommandLine.locate("src/samples/photos", folder + "/away", "--model", there)
                .on("--master", "local-cluster[2,1,1024]")
                .on("--conf", "spark.executor.extraJavaOptions=-Djava.io.tmpdir=" + temporary);

        assertThat(away.run(folder.resolve("away.log"))).contains("6 photos labelled");
        assertThat(Rows.of(folder + "/away")).hasSize(6).isEqualTo(Rows.of(folder + "/here"));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.toString().contains("planisphere-weights")))
                    .isEmpty();
        }
    }

    @Test
    void aPathWithAColonIsRejectedInOneLine() throws Exception {
        CommandLine locate = locate(undisturbed.input(), hdfs.getURI() + "/12:30/rows");
        try (JobProcess job = locate.start(folder.resolve("colon.log"))) {
            assertThat(job.await()).isEqualTo(1);
            assertThat(job.output())
                    .contains("Output " + hdfs.getURI() + "/12:30/rows cannot be opened: ")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void exactlyOneOfManyRunsGetsTheLease() throws Exception {
        FileSystem fs = hdfs.getFileSystem();

        assertThat(Contenders.holders(fs, new org.apache.hadoop.fs.Path("/rows/_run/lease.json")))
                .isEqualTo(1);
        assertThat(Contenders.holders(fs, new org.apache.hadoop.fs.Path("/rows/_run/lease.json")))
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
