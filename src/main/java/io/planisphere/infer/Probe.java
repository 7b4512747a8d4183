package io.planisphere.infer;

import ai.djl.engine.Engine;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import io.planisphere.model.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Any ONNX network, opened as {@link Session} opens those of packages, to be timed: its inputs are made up, its answers are thrown
 * away.
 */
public final class Probe implements AutoCloseable {
    private static final int WARM_UP = 5;

    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs;

    private Probe(OrtSession session, Map<String, OnnxTensor> inputs) {
        this.session = session;
        this.inputs = inputs;
    }

    /**
     * How long one call took, in milliseconds: half of the calls took no longer than the median, half stood between the quartiles.
     */
    public record Latency(double medianMillis, double lowerQuartile, double upperQuartile) {}

    /**
     * Opens a network.
     *
     * @param name what messages call it
     * @param shapes of its inputs, by name
     * @param threads of the engine for one call
     * @throws EngineFailure if the engine refuses it
     */
    public static Probe open(String name, byte[] network, Map<String, List<Long>> shapes, int threads) {
        OrtEnvironment environment = EngineCalls.make(() -> {
            Engine.getEngine("OnnxRuntime"); // has to create the environment
            return OrtEnvironment.getEnvironment();
        });
        try (SessionOptions options = Session.options(new Processor.Cpu(threads))) {
            OrtSession session = EngineCalls.make(() -> environment.createSession(network, options));
            Map<String, OnnxTensor> inputs = new HashMap<>();
            for (Map.Entry<String, List<Long>> input : shapes.entrySet()) {
                NodeInfo declared =
                        Objects.requireNonNull(session.getInputInfo().get(input.getKey()));
                inputs.put(
                        input.getKey(), tensor(environment, ((TensorInfo) declared.getInfo()).type, input.getValue()));
            }
            return new Probe(session, inputs);
        } catch (OrtException e) {
            throw new EngineFailure("ONNX Runtime cannot open " + name + ": " + Session.rootMessage(e), e);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, OnnxJavaType type, List<Long> shape)
            throws OrtException {
        long[] axes = shape.stream().mapToLong(Long::longValue).toArray();
        int elements = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        ByteBuffer values = ByteBuffer.allocateDirect(Math.multiplyExact(elements, type.size))
                .order(ByteOrder.nativeOrder());
        if (type == OnnxJavaType.FLOAT) {
            values.asFloatBuffer().put(Golden.ramp(elements));
        }
        return OnnxTensor.createTensor(environment, values, axes, type);
    }

    /**
     * Times networks call by call in turn, so that whatever else the machine does meets all of them alike.
     *
     * @param repetitions calls of each; a few more before them are not counted
     * @return one figure per network, in their order
     */
    public static List<Latency> measure(List<Probe> networks, int repetitions) {
        List<double[]> millis = new ArrayList<>();
        networks.forEach(network -> millis.add(new double[repetitions]));
        for (int i = -WARM_UP; i < repetitions; i++) {
            for (int network = 0; network < networks.size(); network++) {
                double elapsed = networks.get(network).call() / 1e6;
                if (i >= 0) {
                    millis.get(network)[i] = elapsed;
                }
            }
        }
        return millis.stream().map(Probe::latency).toList();
    }

    private static Latency latency(double[] millis) {
        double[] sorted = IntStream.range(0, millis.length)
                .mapToDouble(i -> millis[i])
                .sorted()
                .toArray();
        return new Latency(at(sorted, 0.5), at(sorted, 0.25), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
    }

    /** Nanoseconds that one call took. */
    private long call() {
        long start = System.nanoTime();
        try (OrtSession.Result answers = EngineCalls.make(() -> session.run(inputs))) {
            return answers.size() > 0 ? System.nanoTime() - start : 0;
        } catch (OrtException e) {
            throw new EngineFailure("ONNX Runtime fails on a made-up input: " + Session.rootMessage(e), e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new EngineFailure("ONNX Runtime cannot close a network: " + Session.rootMessage(e), e);
        }
    }
}
