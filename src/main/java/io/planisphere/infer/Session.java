package io.planisphere.infer;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.planisphere.model.Golden;
import io.planisphere.model.ModelPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One network, loaded into ONNX Runtime through DJL, warmed up and proven on its package's golden vectors.
 *
 * <p>{@link #shared} gives all tasks of a JVM the same session; each task runs it through an {@link Inference} of its own.
 */
public final class Session implements AutoCloseable {
    private static final Map<Key, Session> SHARED = new ConcurrentHashMap<>();
    private static final AtomicInteger OPENINGS = new AtomicInteger();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Session::closeShared, "planisphere-sessions"));
    }

    /** Threads count: a session's pool is fixed when it is opened. */
    private record Key(String digest, int threads) {}

    private final ModelPackage model;
    private final Model network;

    private Session(ModelPackage model, Model network) {
        this.model = model;
        this.network = network;
    }

    /**
     * The session of this JVM for the package: opened by the first caller, while others that want the same wait. It stays
     * open until {@link #closeShared} or the end of the JVM.
     *
     * @param threads of the engine for one call; {@code spark.task.cpus}
     * @throws EngineFailure if the engine refuses the network or it fails its golden vectors
     */
    public static Session shared(ModelPackage model, int threads) {
        return SHARED.computeIfAbsent(new Key(model.digest(), threads), key -> open(model, threads));
    }

    /** Closes what {@link #shared} opened; no {@link Inference} of it may be in use. */
    public static void closeShared() {
        SHARED.keySet().forEach(key -> {
            Session session = SHARED.remove(key);
            if (session != null) {
                session.close();
            }
        });
    }

    /** How many sessions this JVM has opened so far. */
    public static int openings() {
        return OPENINGS.get();
    }

    /** A session of the caller's own, to be closed by it. */
    public static Session open(ModelPackage model, int threads) {
        return open(model, model.model(), threads);
    }

    /**
     * The same with the package's network in another form.
     *
     * @param graph an ONNX file that takes what the package's own takes, and gives what it gives and perhaps more
     */
    public static Session open(ModelPackage model, byte[] graph, int threads) {
        OPENINGS.incrementAndGet();
        // DJL has to create the OrtEnvironment, so its engine must be loaded before SessionOptions is.
        Model network = Model.newInstance(model.digest(), Device.cpu(), "OnnxRuntime");
        Session session = new Session(model, network);
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(threads);
            // Tasks share the machine: a thread that spins for work takes a core from another task.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            network.load(new ByteArrayInputStream(graph), Map.of("sessionOptions", options));
            session.prove();
            return session;
        } catch (OrtException | IOException | MalformedModelException e) {
            session.close();
            throw new EngineFailure(
                    "ONNX Runtime cannot open the network of " + model.location() + ": " + rootMessage(e), e);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * A way to run the network, for one thread.
     *
     * @param outputs names of the tensors to answer with
     * @param slots photos that its input has room for
     * @param perCall photos in one call of the engine, at most; fewer where the network's batch dimension is fixed
     */
    public Inference newInference(List<String> outputs, int slots, int perCall) {
        return new Inference(network, model, outputs, slots, Math.min(perCall, model.maxBatch()));
    }

    /** Runs the golden vectors, or only their input where the package has none; so the session is warm as well. */
    private void prove() {
        model.heads().forEach(head -> model.checkWidth(head, answer(head.output()).length));
        model.attributes().heads().forEach(head -> model.checkWidth(head, answer(head.output()).length));
        model.detection()
                .ifPresent(head -> model.checkDetections(
                        answer(head.boxes().output()).length,
                        answer(head.scores().output()).length,
                        head.landmarks()
                                .map(named -> OptionalInt.of(answer(named.output()).length))
                                .orElse(OptionalInt.empty())));
        for (Golden golden : model.goldens()) {
            float[] answer = answer(golden.output());
            for (int i = 0; i < answer.length; i++) {
                double expected = golden.values().get(i);
                if (!(Math.abs(answer[i] - expected) <= golden.tolerance())) {
                    throw new EngineFailure(
                            ("The network of %s fails its golden vector: %s[%d] is %s instead of %s; its"
                                            + " scores cannot be trusted on this machine")
                                    .formatted(model.location(), golden.output(), i, answer[i], expected));
                }
            }
        }
    }

    private float[] answer(String output) {
        try (Inference inference = newInference(List.of(output), 1, 1)) {
            Inferred answer = inference.ramp();
            if (answer instanceof Inferred.Failed failed) {
                throw new EngineFailure("The network of %s fails on its warm-up tensor: %s"
                        .formatted(model.location(), failed.detail()));
            }
            return ((Inferred.Outputs) answer).values()[0];
        }
    }

    @Override
    public void close() {
        network.close();
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
