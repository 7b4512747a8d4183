package io.planisphere.earth;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.planisphere.geo.LatLng;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/** The finished ONNX file in ONNX Runtime: what is scored is what is shipped. */
final class Geolocator implements AutoCloseable {
    private final OrtSession session;

    Geolocator(byte[] onnx) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        session = OrtEnvironment.getEnvironment().createSession(onnx, options);
    }

    /** The label of the likeliest cell for a window of {@code map} around each place. */
    int[] locate(Raster map, List<LatLng> places) throws OrtException {
        int size = Network.SHAPE.resolution();
        float[] planes = new float[3 * size * size];
        int[] labels = new int[places.size()];
        for (int i = 0; i < labels.length; i++) {
            Window.plain(places.get(i)).render(map, size, planes);
            labels[i] = largest(logits(normalised(planes)));
        }
        return labels;
    }

    /** The logits of one input in NCHW order. */
    float[] logits(float[] input) throws OrtException {
        int size = Network.SHAPE.resolution();
        try (OnnxTensor tensor = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), FloatBuffer.wrap(input), new long[] {1, 3, size, size});
                OrtSession.Result result = session.run(Map.of("input", tensor))) {
            return ((float[][]) result.get("logits").orElseThrow().getValue())[0];
        }
    }

    /** What a photo with these pixels becomes: whole levels, then -1 to 1. */
    static float[] normalised(float[] planes) {
        float[] input = new float[planes.length];
        for (int i = 0; i < planes.length; i++) {
            input[i] = (Math.round(planes[i]) - 127.5f) / 127.5f;
        }
        return input;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
