package io.planisphere.vision;

import io.planisphere.image.Crop;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Runs one network on whole photos: decode, prepare, infer. One {@link Scored} per photo, in the same order; photos that cannot
 * be decoded take no slot in the network's batches.
 *
 * <p>Not thread-safe. It owns the native memory of the decoder and the inference; the caller owns the session and the photos.
 */
public final class Scorer implements PhotoPath<Scored> {
    private final Iterator<EncodedImage> photos;
    private final List<Crop> crops;
    private final PhotoTensors tensors;
    private final Inference inference;
    private final int perFill;
    private final List<Scored> ready = new ArrayList<>();
    private int next;
    private long readNanos;
    private long inferNanos;

    /**
     * @param model package of the session
     * @param spec inputs and outputs for each photo
     * @param batchSize crops per inference call
     */
    public Scorer(
            Iterator<EncodedImage> photos,
            Session session,
            ModelPackage model,
            InferenceSpec spec,
            ImageLimits limits,
            int batchSize) {
        this.photos = photos;
        crops = spec.crops();
        tensors = new PhotoTensors(model.preprocessing(), crops, limits);
        perFill = Math.max(1, batchSize / crops.size());
        inference = session.newInference(spec.outputs(), perFill * crops.size(), batchSize);
    }

    @Override
    public boolean hasNext() {
        return next < ready.size() || more();
    }

    @Override
    public Scored next() {
        if (next == ready.size()) {
            if (!more()) {
                throw new NoSuchElementException();
            }
            fill();
        }
        return ready.get(next++);
    }

    /** Reads photos until the network's input is full, and runs it. */
    private void fill() {
        ready.clear();
        next = 0;
        List<Integer> toInfer = new ArrayList<>(perFill);
        while (toInfer.size() < perFill && more()) {
            long start = System.nanoTime();
            EncodedImage encoded = photos.next();
            readNanos += System.nanoTime() - start;
            Scored photo =
                    tensors.write(encoded, inference.input(), toInfer.size() * crops.size() * inference.elements());
            if (photo.status() == Status.OK) {
                toInfer.add(ready.size());
            }
            ready.add(photo);
        }
        long start = System.nanoTime();
        List<Inferred> results = inference.run(toInfer.size() * crops.size());
        inferNanos += System.nanoTime() - start;
        for (int i = 0; i < toInfer.size(); i++) {
            List<Inferred> views = results.subList(i * crops.size(), (i + 1) * crops.size());
            ready.set(toInfer.get(i), combined(ready.get(toInfer.get(i)), views));
        }
    }

    /** Returns whether there are more photos. Sources read ahead in this call, so its time counts as reading. */
    private boolean more() {
        long start = System.nanoTime();
        boolean more = photos.hasNext();
        readNanos += System.nanoTime() - start;
        return more;
    }

    /** Combines the results of a photo's crops; if the network failed on one crop, the whole photo fails. */
    static Scored combined(Scored photo, List<Inferred> results) {
        List<Inferred.Outputs> views = new ArrayList<>(results.size());
        for (Inferred result : results) {
            if (result instanceof Inferred.Failed failed) {
                return Scored.rejected(
                        photo.id(), photo.uri(), Status.MODEL_ERROR, failed.detail(), photo.width(), photo.height());
            }
            views.add((Inferred.Outputs) result);
        }
        return new Scored(photo.id(), photo.uri(), Status.OK, null, photo.width(), photo.height(), views);
    }

    @Override
    public StageTimes times() {
        return new StageTimes(readNanos, tensors.decodeNanos(), tensors.prepareNanos(), inferNanos);
    }

    @Override
    public void close() {
        inference.close();
        tensors.close();
    }
}
