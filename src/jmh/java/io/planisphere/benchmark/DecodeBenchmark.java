package io.planisphere.benchmark;

import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures one JPEG from bytes to upright pixels: sniffed, checked against the limits, decoded; in microseconds.
 * {@code forTheNetwork} may decode it at a reduced size, as tasks do; {@code whole} decodes it at full size.
 *
 * <pre>
 * mvn -B -q -Pjmh test-compile exec:exec -Djmh.args=DecodeBenchmark
 * mvn -B -q -Pjmh test-compile exec:exec -Djmh.args="DecodeBenchmark -p photos=FOLDER"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeBenchmark {
    private final Preprocessing rule = BenchmarkRules.of(Layout.NCHW, 224);
    private final Decoder decoder = new Decoder(ImageLimits.DEFAULT);

    /** Size of generated photos, or a folder. */
    @Param({"500x375", "2048x1536"})
    private String photos = "";

    private List<byte[]> jpegs = List.of();
    private int next;

    @Setup
    public void read() throws IOException {
        jpegs = BenchmarkPhotos.of(photos);
    }

    @Benchmark
    public Decoded forTheNetwork() {
        return decoder.decode(jpeg(), rule);
    }

    @Benchmark
    public Decoded whole() {
        return decoder.decodeWhole(jpeg());
    }

    private byte[] jpeg() {
        next = (next + 1) % jpegs.size();
        return jpegs.get(next);
    }

    @TearDown
    public void close() {
        decoder.close();
    }
}
