package io.planisphere.vision;

import io.planisphere.image.Cut;
import io.planisphere.image.Pixels;
import io.planisphere.image.Preparer;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import java.util.ArrayList;
import java.util.List;

/** Collects faces of several photos into batches of a network, which runs when a batch is full. */
final class FaceBatch implements AutoCloseable {
    private final Preparer preparer;
    private final Inference inference;
    private final List<Slot> filled = new ArrayList<>();
    private long prepareNanos;
    private long inferNanos;

    /** The face in a slot of the network's input. */
    private record Slot(PendingFaces photo, int face) {}

    FaceBatch(FaceNetworks networks, int slots) {
        preparer = new Preparer(networks.facePackage().preprocessing());
        inference = networks.faceSession().orElseThrow().newInference(networks.outputs(), slots, slots);
    }

    /** Adds a face, cut out of pixels that are only valid during this call. */
    void add(Pixels pixels, Cut cut, PendingFaces photo, int face) {
        long start = System.nanoTime();
        preparer.prepare(pixels, cut, inference.input(), filled.size() * inference.elements());
        prepareNanos += System.nanoTime() - start;
        filled.add(new Slot(photo, face));
        if (filled.size() == inference.slots()) {
            run();
        }
    }

    /** Runs the network on the faces collected so far, even if the batch is not full. */
    void run() {
        long start = System.nanoTime();
        List<Inferred> results = inference.run(filled.size());
        inferNanos += System.nanoTime() - start;
        for (int i = 0; i < results.size(); i++) {
            filled.get(i).photo().complete(filled.get(i).face(), results.get(i));
        }
        filled.clear();
    }

    /** Returns the times of preparing and inference. */
    StageTimes times() {
        return new StageTimes(0, 0, prepareNanos, inferNanos);
    }

    @Override
    public void close() {
        inference.close();
        preparer.close();
    }
}
