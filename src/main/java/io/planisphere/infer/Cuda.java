package io.planisphere.infer;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Optional;

/** ONNX Runtime's CUDA provider. Fails if it is not available, and never falls back silently to the CPU. */
public final class Cuda {
    private Cuda() {}

    /** Returns why no network can run on a GPU with this jar; empty if one can, given a GPU and its driver. */
    public static Optional<String> missing() {
        EngineCalls.make(() -> Engine.getEngine("OnnxRuntime")); // DJL has to create the OrtEnvironment
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)
                ? Optional.empty()
                : Optional.of("This planisphere.jar has ONNX Runtime for CPUs only; build it with: "
                        + "mvn -B -Pgpu -DskipTests package");
    }

    /**
     * Configures a session to run on the GPU.
     *
     * @throws EngineFailure if it cannot; the message has the root cause
     */
    static void use(Processor.Gpu gpu, SessionOptions options) {
        missing().ifPresent(reason -> {
            throw new EngineFailure(cannotUse(gpu, reason));
        });
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu.address())) {
            // Full float precision, as on a CPU: with TF32, which rounds to 10 bits, golden vectors would fail.
            cuda.add("use_tf32", "0");
            // The last batches of a task have other sizes, and an exhaustive search would run for each size.
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

    /** Returns the message; the driver recognises its first words in Spark's message about a failed task. */
    private static String cannotUse(Processor.Gpu gpu, String reason) {
        return "GPU " + gpu.address() + " cannot be used: " + reason;
    }
}
