package io.planisphere.spark.task;

import io.planisphere.infer.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Records which GPUs Spark's resource scheduling assigns to two tasks on a real worker and executor, with a discovery script
 * that reports two GPUs; for {@link DeviceTest}, in a separate JVM. Arguments: that script, a file for the result.
 */
final class AssignedGpus {
    private AssignedGpus() {}

    public static void main(String[] args) throws IOException {
        SparkConf conf = new SparkConf()
                .setAppName("assigned GPUs")
                .setMaster("local-cluster[1,2,1024]")
                .set("spark.ui.enabled", "false")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.worker.resource.gpu.amount", "2")
                .set("spark.worker.resource.gpu.discoveryScript", args[0])
                .set("spark.executor.resource.gpu.amount", "2")
                .set("spark.task.resource.gpu.amount", "1");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            List<String> processors = spark.parallelize(List.of(0, 1), 2)
                    .map(i -> {
                        Processor processor = Device.GPU.processor(TaskContext.get());
                        Thread.sleep(2000); // so that the other task does not get the same GPU afterwards
                        return processor + " and " + Device.CPU.processor(TaskContext.get());
                    })
                    .collect();
            Files.write(Path.of(args[1]), processors);
        }
    }
}
