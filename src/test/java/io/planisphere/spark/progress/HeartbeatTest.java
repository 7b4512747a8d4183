package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Status;
import io.planisphere.spark.LocalSpark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.AccumulatorV2;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** Tests the reads of accumulators by heartbeats, which can occur at any time. */
class HeartbeatTest {
    static Stream<AccumulatorV2<?, ?>> accumulators() {
        StatusCounts counts = new StatusCounts();
        counts.add(Status.OK);
        OpenedShards opened = new OpenedShards();
        opened.add("shard");
        return Stream.of(counts, opened);
    }

    @ParameterizedTest
    @MethodSource("accumulators")
    void aPartlyDeserializedAccumulatorReportsNothing(AccumulatorV2<?, ?> accumulator) throws Exception {
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
        assertThat(accumulator.isZero()).isFalse();
        spark.sc().register(accumulator);
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(code)) {
            out.writeObject(accumulator);
        }
        byte[] bytes = code.toByteArray();
        Class<?> type = accumulator.getClass();

        int asked = spark.parallelize(List.of(1), 1)
                .map(once -> {
                    Beating in = new Beating(bytes, type);
                    new ObjectInputStream(in).readObject();
                    return in.asked;
                })
                .first();

        assertThat(asked).isPositive();
    }

    /**
     * Triggers a heartbeat with every read: makes the same calls as Spark's executor to the accumulators that a task has
     * registered.
     */
    private static final class Beating extends ByteArrayInputStream {
        private final Class<?> type;
        private int asked;

        Beating(byte[] bytes, Class<?> type) {
            super(bytes);
            this.type = type;
        }

        @Override
        public synchronized int read() {
            beat();
            return super.read();
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) {
            beat();
            return super.read(to, offset, length);
        }

        private void beat() {
            TaskContext task = TaskContext.get();
            for (AccumulatorV2<?, ?> registered :
                    CollectionConverters.asJava(task.taskMetrics().accumulators())) {
                boolean isZero = registered.isZero();
                if (type.isInstance(registered)) {
                    assertThat(isZero).isTrue();
                    asked++;
                }
            }
        }
    }
}
