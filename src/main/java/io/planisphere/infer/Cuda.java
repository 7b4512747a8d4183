package io.planisphere.infer;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Optional;

/** ONNX Runtime's CUDA provider, or why there is none; never the CPU in its place without a word. */
public final class Cuda {
    private Cuda() {}

    /** Why no network can run on a GPU with this jar; empty if one can, given the card and its driver. */
    public static Optional<String> missing() {
        EngineCalls.make(() -> Engine.getEngine("OnnxRuntime")); // DJL has to create the OrtEnvironment
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)
                ? Optional.empty()
                : Optional.of("This planisphere.jar has ONNX Runtime for CPUs only; build it with: "
                        + "mvn -B -Pgpu -DskipTests package");
    }

    /**
     * Makes a session run there.
     *
     * @throws EngineFailure if it cannot; it names the root cause
     */
    static void use(Processor.Gpu gpu, SessionOptions options) {
        missing().ifPresent(reason -> {
            throw new EngineFailure(cannotUse(gpu, reason));
        });
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu.address())) {
            // Products of full floats, as on a CPU: else golden vectors fail on cards that round to 10 bits.
            cuda.add("use_tf32", "0");
            // Batches come in other sizes at the end of a task, and an exhaustive search would start for each.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            options.addCUDA(cuda);
        } catch (OrtException | LinkageError e) {
            throw new EngineFailure(
                    cannotUse(
                            gpu,
                            Session.rootMessage(e) + "; the worker needs NVIDIA's driver, CUDA and cuDNN as docs/gpu.md"
                                    + " says. To run on its CPU instead, leave --device gpu out"),
                    e);
        }
    }

    /** Begins with words by which the driver finds it in what Spark says of a failed task. */
    private static String cannotUse(Processor.Gpu gpu, String reason) {
        return "GPU " + gpu.address() + " cannot be used: " + reason;
    }
}
