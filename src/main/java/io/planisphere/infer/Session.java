package io.planisphere.infer;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.model.Golden;
import io.planisphere.model.ModelPackage;
import io.planisphere.onnx.OnnxPixels;
import io.planisphere.onnx.OnnxPixels.Fed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One network, loaded into ONNX Runtime through DJL, warmed up and verified with its package's golden vectors. It takes 8-bit
 * pixels: if the package's network takes floats, the package's normalisation is inserted in front of it when it is opened.
 *
 * <p>{@link #shared} gives all tasks of a JVM the same session; each task runs it through its own {@link Inference}.
 */
public final class Session implements AutoCloseable {
    private static final Map<Key, Session> SHARED = new ConcurrentHashMap<>();
    private static final AtomicInteger OPENINGS = new AtomicInteger();
    /** Option of ONNX Runtime, which otherwise rounds float weights after 8-bit values, with one scale for all channels. */
    private static final String NO_FUSED_QDQ = "session.disable_quant_qdq";

    /** The key includes the number of threads, because a session's thread pool is fixed when it is opened. */
    private record Key(String digest, Processor processor) {}

    private final ModelPackage model;
    private final Model network;
    private final String input;

    private Session(ModelPackage model, Model network, String input) {
        this.model = model;
        this.network = network;
        this.input = input;
    }

    /**
     * Returns the session of this JVM for the package. The first caller opens it while other callers wait. It stays open until
     * {@link #closeShared} or the end of the JVM.
     *
     * @throws EngineFailure if the engine rejects the network or the processor, or the network fails its golden vectors
     */
    public static Session shared(ModelPackage model, Processor processor) {
        return SHARED.computeIfAbsent(new Key(model.digest(), processor), key -> open(model, processor));
    }

    /** Returns the shared session on the CPU, with this many engine threads per call. */
    public static Session shared(ModelPackage model, int threads) {
        return shared(model, new Processor.Cpu(threads));
    }

    /** Closes all shared sessions; none of their {@link Inference}s may be in use. */
    public static void closeShared() {
        SHARED.keySet().forEach(key -> {
            Session session = SHARED.remove(key);
            if (session != null) {
                session.close();
            }
        });
    }

    /** Returns how many sessions this JVM has opened so far. */
    public static int openings() {
        return OPENINGS.get();
    }

    /** Opens a session on the CPU, which the caller must close. */
    public static Session open(ModelPackage model, int threads) {
        return open(model, new Processor.Cpu(threads));
    }

    /** Opens a session, which the caller must close. */
    public static Session open(ModelPackage model, Processor processor) {
        return open(model, model.model(), processor);
    }

    /**
     * Opens a session for another graph of the package's network.
     *
     * @param graph ONNX file with the same input as the package's own, and at least the same outputs
     */
    public static Session open(ModelPackage model, byte[] graph, Processor processor) {
        OPENINGS.incrementAndGet();
        if (model.preprocessing().element() == Element.UINT8) {
            return opened(model, new Fed(model.input(), graph), processor, network -> Proof.of(network, model));
        }
        if (!model.goldens().isEmpty()) {
            try (Model network = load(model, graph, processor)) {
                Proof.of(network, model);
            }
        }
        Fed fed = OnnxPixels.feed(model.location(), graph, model.input(), model.preprocessing());
        return opened(model, fed, processor, network -> {});
    }

    /**
     * Opens a session for a graph with the input of the package's float network but other outputs. Its outputs are not verified,
     * and 8-bit values are computed in floats, without fused integer kernels.
     */
    public static Session openUnfused(ModelPackage model, byte[] graph, Processor processor) {
        OPENINGS.incrementAndGet();
        Fed fed = OnnxPixels.feed(model.location(), graph, model.input(), model.preprocessing());
        return new Session(model, load(model, fed.network(), processor, Map.of(NO_FUSED_QDQ, "1")), fed.input());
    }

    private static Session opened(ModelPackage model, Fed fed, Processor processor, Consumer<Model> proof) {
        Model network = load(model, fed.network(), processor);
        Session session = new Session(model, network, fed.input());
        try {
            proof.accept(network);
            session.checkWidths();
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** Loads the network without verification; the caller must close it. */
    static Model load(ModelPackage model, byte[] graph, Processor processor) {
        return load(model, graph, processor, Map.of());
    }

    private static Model load(
            ModelPackage model, byte[] graph, Processor processor, Map<String, String> configuration) {
        Optional<Weights> weights = Weights.of(model); // may take long, so not in the call
        Map<String, String> all = new HashMap<>(configuration);
        weights.ifPresent(files -> all.putAll(files.configuration()));
        byte[] network = weights.map(files -> files.in(graph)).orElse(graph);
        return EngineCalls.make(() -> loaded(model, network, processor, all));
    }

    private static Model loaded(
            ModelPackage model, byte[] graph, Processor processor, Map<String, String> configuration) {
        // DJL has to create the OrtEnvironment, so its engine must be loaded before SessionOptions is.
        Model network = Model.newInstance(model.digest(), Device.cpu(), "OnnxRuntime");
        try (SessionOptions options = options(processor)) {
            for (Map.Entry<String, String> entry : configuration.entrySet()) {
                options.addConfigEntry(entry.getKey(), entry.getValue());
            }
            network.load(new ByteArrayInputStream(graph), Map.of("sessionOptions", options));
            return network;
        } catch (OrtException | IOException | MalformedModelException e) {
            network.close();
            throw new EngineFailure(
                    "ONNX Runtime cannot open the network of " + model.location() + ": " + rootMessage(e), e);
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /** Returns the options for all networks; the engine must be loaded, and the caller must close them. */
    static SessionOptions options(Processor processor) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setOptimizationLevel(OptLevel.ALL_OPT);
        if (processor instanceof Processor.Gpu gpu) {
            Cuda.use(gpu, options);
        }
        options.setIntraOpNumThreads(processor instanceof Processor.Cpu cpu ? cpu.threads() : 1);
        // Tasks share the machine: a spinning thread would take a core from another task.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /**
     * Returns a new inference of the network, for one thread.
     *
     * @param outputs names of the tensors to compute
     * @param slots number of photos that fit in its input
     * @param perCall maximum number of photos per inference call; fewer if the network's batch dimension is fixed
     */
    public Inference newInference(List<String> outputs, int slots, int perCall) {
        return new Inference(
                network,
                new BatchTranslator(input, outputs, model.preprocessing()),
                model.preprocessing().elements(),
                slots,
                Math.min(perCall, model.maxBatch()));
    }

    /** Checks the outputs against the package's declarations, which also warms up the session. */
    private void checkWidths() {
        model.heads().forEach(head -> model.checkWidth(head, output(head.output()).length));
        model.attributes().heads().forEach(head -> model.checkWidth(head, output(head.output()).length));
        model.detection()
                .ifPresent(head -> model.checkDetections(
                        output(head.boxes().output()).length,
                        output(head.scores().output()).length,
                        head.landmarks()
                                .map(named -> OptionalInt.of(output(named.output()).length))
                                .orElse(OptionalInt.empty())));
    }

    private float[] output(String name) {
        try (Inference inference = newInference(List.of(name), 1, 1)) {
            inference.input().put(0, Golden.byteRamp(inference.elements()));
            Inferred result = inference.run(1).get(0);
            if (result instanceof Inferred.Failed failed) {
                throw new EngineFailure("The network of %s fails on its warm-up tensor: %s"
                        .formatted(model.location(), failed.detail()));
            }
            return ((Inferred.Outputs) result).values()[0];
        }
    }

    @Override
    public void close() {
        EngineCalls.make(() -> {
            network.close();
            return network;
        });
    }

    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return (message == null ? root.toString() : message).lines().findFirst().orElse(root.toString());
    }
}
