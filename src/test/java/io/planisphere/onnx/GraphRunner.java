package io.planisphere.onnx;

import ai.djl.engine.Engine;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Runs a graph in ONNX Runtime, which knows nothing of the writer. */
public final class GraphRunner {
    private GraphRunner() {}

    /** Every output by name, flattened, for one input tensor of that shape. */
    public static Map<String, float[]> run(byte[] onnx, String input, float[] values, long... shape)
            throws OrtException {
        Engine.getEngine("OnnxRuntime"); // must make the environment: it refuses one that is there before it
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
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
