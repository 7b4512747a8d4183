package io.planisphere.benchmark;

import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Pixels;
import io.planisphere.image.Preparer;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Resizing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
 * Measures decoded pixels to the network's input: resized, cropped, in the layout that the network takes; in microseconds.
 *
 * <pre>
 * mvn -B -q -Pjmh test-compile exec:exec -Djmh.args=ResizeBenchmark
 * mvn -B -q -Pjmh test-compile exec:exec -Djmh.args="ResizeBenchmark -p photos=FOLDER -p side=128"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ResizeBenchmark {
    /** Number of decoded photos that are held at a time. */
    private static final int MOST = 8;

    private final List<Decoder> decoders = new ArrayList<>();
    private final List<Pixels> decoded = new ArrayList<>();

    /** Size of generated photos, or a folder. */
    @Param({"500x375", "2048x1536"})
    private String photos = "";

    /** Side of the network's input. */
    @Param("224")
    private int side;

    @Param({"NHWC", "NCHW"})
    private Layout layout = Layout.NHWC;

    @Param({"EXACT", "FAST"})
    private Resizing resizing = Resizing.EXACT;

    private Preparer preparer = new Preparer(BenchmarkRules.of(Layout.NHWC, 1));
    private ByteBuffer input = ByteBuffer.allocateDirect(0);
    private int next;

    @Setup
    public void decode() throws IOException {
        Preprocessing rule = BenchmarkRules.of(layout, side);
        preparer.close();
        preparer = new Preparer(rule, resizing);
        input = ByteBuffer.allocateDirect(rule.elements());
        for (byte[] jpeg : BenchmarkPhotos.of(photos)) {
            Decoder decoder = new Decoder(ImageLimits.DEFAULT);
            decoders.add(decoder); // the decoder owns the pixels
            if (decoder.decode(jpeg, rule) instanceof Decoded.Ok ok && decoded.size() < MOST) {
                decoded.add(ok.pixels());
            }
        }
    }

    @Benchmark
    public ByteBuffer prepare() {
        next = (next + 1) % decoded.size();
        preparer.prepare(decoded.get(next), input, 0);
        return input;
    }

    @TearDown
    public void close() {
        preparer.close();
        decoders.forEach(Decoder::close);
    }
}
