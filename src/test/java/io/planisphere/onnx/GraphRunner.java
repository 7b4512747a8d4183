package io.planisphere.onnx;

import ai.djl.engine.Engine;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs a graph in ONNX Runtime, which is independent of the code that wrote the graph. */
public final class GraphRunner {
    private GraphRunner() {}

    /** Returns every output by name, flattened, for one input tensor of this shape. */
    public static Map<String, float[]> run(byte[] onnx, String input, float[] values, long... shape)
            throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), shape)) {
            return run(onnx, input, tensor);
        }
    }

    /** Returns the same without fusing quantised operators. */
    public static Map<String, float[]> runAsWritten(byte[] onnx, String input, float[] values, long... shape)
            throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), shape);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.addConfigEntry("session.disable_quant_qdq", "1");
            return run(onnx, input, tensor, options);
        }
    }

    /** Returns the same for an input of 8-bit values. */
    public static Map<String, float[]> runPixels(byte[] onnx, String input, byte[] values, long... shape)
            throws OrtException {
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(environment(), ByteBuffer.wrap(values), shape, OnnxJavaType.UINT8)) {
            return run(onnx, input, tensor);
        }
    }

    /** Returns the graph as ONNX Runtime runs it after all fusions. */
    public static byte[] optimised(byte[] onnx, Path file) throws OrtException, IOException {
        environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setOptimizedModelFilePath(file.toString());
            environment().createSession(onnx, options).close();
        }
        return Files.readAllBytes(file);
    }

    private static OrtEnvironment environment() {
        Engine.getEngine("OnnxRuntime"); // must create the environment, because it rejects an existing one
        return OrtEnvironment.getEnvironment();
    }

    private static Map<String, float[]> run(byte[] onnx, String input, OnnxTensor tensor) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            return run(onnx, input, tensor, options);
        }
    }

    private static Map<String, float[]> run(
            byte[] onnx, String input, OnnxTensor tensor, OrtSession.SessionOptions options) throws OrtException {
        try (OrtSession session = environment().createSession(onnx, options);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            Map<String, float[]> outputs = new HashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                outputs.put(
                        output.getKey(),
                        ((OnnxTensor) output.getValue()).getFloatBuffer().array());
            }
            return outputs;
        }
    }
}
