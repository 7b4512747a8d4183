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
import io.planisphere.model.ModelPackage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** An ONNX network opened for timing, with the options of {@link Session}: inputs are synthetic, outputs are discarded. */
public final class Probe implements AutoCloseable {
    private static final int WARM_UP = 5;

    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs;

    private Probe(OrtSession session, Map<String, OnnxTensor> inputs) {
        this.session = session;
        this.inputs = inputs;
    }

    /** The latency of one call in milliseconds: the median and the quartiles. */
    public record Latency(double medianMillis, double lowerQuartile, double upperQuartile) {}

    /**
     * Opens a network.
     *
     * @param name name for messages
     * @param files package of the network, if it is in one
     * @param shapes shapes of its inputs, by name
     * @param threads engine threads per call
     * @throws EngineFailure if the engine rejects it
     */
    public static Probe open(
            String name, byte[] network, Optional<ModelPackage> files, Map<String, List<Long>> shapes, int threads) {
        OrtEnvironment environment = EngineCalls.make(() -> {
            Engine.getEngine("OnnxRuntime"); // DJL has to create the environment
            return OrtEnvironment.getEnvironment();
        });
        Optional<Weights> weights = files.flatMap(Weights::of);
        try (SessionOptions options = Session.options(new Processor.Cpu(threads))) {
            if (weights.isPresent()) {
                for (Map.Entry<String, String> entry :
                        weights.get().configuration().entrySet()) {
                    options.addConfigEntry(entry.getKey(), entry.getValue());
                }
            }
            byte[] graph = weights.map(outside -> outside.in(network)).orElse(network);
            OrtSession session = EngineCalls.make(() -> environment.createSession(graph, options));
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
     * Times networks by calling them in turns, so that other load on the machine affects all of them alike.
     *
     * @param repetitions timed calls of each network; a few warm-up calls precede them
     * @return one latency per network, in order
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

    /** Makes one call and returns its time in nanoseconds. */
    private long call() {
        long start = System.nanoTime();
        try (OrtSession.Result outputs = EngineCalls.make(() -> session.run(inputs))) {
            return outputs.size() > 0 ? System.nanoTime() - start : 0;
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
