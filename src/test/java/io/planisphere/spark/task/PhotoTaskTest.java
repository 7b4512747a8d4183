package io.planisphere.spark.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Access;
import io.planisphere.source.OptOut;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.rows.DetectRows;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhotoTaskTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private final ModelPackage detector = ModelPackage.open("builtin:coco-detector", new Configuration());

    @BeforeEach
    @AfterEach
    void closeNetworks() {
        Session.closeShared();
    }

    private PhotoTask task(Device device) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(SPARK.sparkContext());
        return new PhotoTask(
                new DetectRows(context.broadcast(detector), new Limits(0.5, 0.5, 10)),
                ImageLimits.DEFAULT,
                device,
                4,
                TaskMetrics.register(SPARK.sparkContext()),
                context.broadcast(OptOut.NONE),
                Access.DEFAULT,
                false);
    }

    @Test
    void aNetworkOpenedAheadIsTheOneThatTasksUse() throws InterruptedException {
        int before = Session.openings();

        Thread opening =
                task(Device.CPU).openNetworksAhead(SPARK.sparkContext()).orElseThrow();

        opening.join(60_000);
        assertThat(Session.openings()).isEqualTo(before + 1);
        Session.shared(detector, SPARK.sparkContext().conf().getInt("spark.task.cpus", 1));
        assertThat(Session.openings()).isEqualTo(before + 1);
    }

    @Test
    void nothingIsOpenedAheadForAGpu() {
        assertThat(task(Device.GPU).openNetworksAhead(SPARK.sparkContext())).isEmpty();
    }
}
