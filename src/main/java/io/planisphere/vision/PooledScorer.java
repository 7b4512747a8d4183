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
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Scorer} for a network that is faster than one decoding thread, as on a GPU: while the network runs on one batch,
 * several threads decode the next. One {@link Scored} per photo, in the same order.
 *
 * <p>Used by one thread, which also reads the source and runs the network. Memory is bounded: two batches as tensors, and their
 * encoded photos, at most {@value #ENCODED_BYTES} bytes plus one photo per batch. A photo that cannot be decoded leaves its slot
 * in the batch empty, because this is known too late to reuse the slot.
 */
public final class PooledScorer implements PhotoPath<Scored> {
    private static final long ENCODED_BYTES = 64L << 20;

    private final Iterator<EncodedImage> photos;
    private final List<Crop> crops;
    private final int perFill;
    private final DecodePool pool;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Batch> idle;
    private @Nullable Batch begun;
    private List<Scored> ready = List.of();
    private int next;
    private long readNanos;
    private long inferNanos;

    /**
     * @param model package of the session
     * @param spec inputs and outputs for each photo
     * @param batchSize crops per inference call
     * @param decoders number of decoding threads
     */
    public PooledScorer(
            Iterator<EncodedImage> photos,
            Session session,
            ModelPackage model,
            InferenceSpec spec,
            ImageLimits limits,
            int batchSize,
            int decoders) {
        this.photos = photos;
        crops = spec.crops();
        perFill = Math.max(1, batchSize / crops.size());
        pool = new DecodePool(decoders, () -> new PhotoTensors(model.preprocessing(), crops, limits));
        for (int i = 0; i < 2; i++) {
            batches.add(new Batch(session.newInference(spec.outputs(), perFill * crops.size(), batchSize)));
        }
        idle = new ArrayList<>(batches);
    }

    @Override
    public boolean hasNext() {
        return next < ready.size() || begun != null || more();
    }

    @Override
    public Scored next() {
        if (next == ready.size()) {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            advance();
        }
        return ready.get(next++);
    }

    private void advance() {
        Batch batch = begun == null ? begin() : begun;
        begun = more() ? begin() : null; // decode the next batch while the network runs
        ready = batch.run();
        next = 0;
        idle.add(batch);
    }

    private Batch begin() {
        Batch batch = idle.remove(0);
        long bytes = 0;
        while (batch.photos.size() < perFill && bytes < ENCODED_BYTES && more()) {
            long start = System.nanoTime();
            EncodedImage photo = photos.next();
            readNanos += System.nanoTime() - start;
            bytes +=
                    photo instanceof EncodedImage.Ok encoded ? encoded.content().length() : 0;
            batch.add(photo);
        }
        return batch;
    }

    /** Returns whether there are more photos. Sources read ahead in this call, so its time counts as reading. */
    private boolean more() {
        long start = System.nanoTime();
        boolean more = photos.hasNext();
        readNanos += System.nanoTime() - start;
        return more;
    }

    @Override
    public StageTimes times() {
        StageTimes pooled = pool.times();
        return new StageTimes(readNanos, pooled.decode(), pooled.prepare(), inferNanos);
    }

    /** Stops the threads first, because they write into the batches. */
    @Override
    public void close() {
        pool.close();
        batches.forEach(batch -> batch.inference.close());
    }

    /** The photos of one inference call. */
    private final class Batch {
        private final Inference inference;
        private final List<Future<Scored>> photos = new ArrayList<>();

        Batch(Inference inference) {
            this.inference = inference;
        }

        void add(EncodedImage photo) {
            int offset = photos.size() * crops.size() * inference.elements();
            photos.add(pool.write(photo, inference.input(), offset));
        }

        /** Waits for the tensors, runs the network on them, and frees the slots. */
        List<Scored> run() {
            List<Scored> scored = new ArrayList<>(photos.size());
            int used = 0;
            for (Future<Scored> photo : photos) {
                scored.add(DecodePool.await(photo));
                used = scored.get(scored.size() - 1).status() == Status.OK ? scored.size() : used;
            }
            photos.clear();
            long start = System.nanoTime();
            List<Inferred> results = inference.run(used * crops.size());
            inferNanos += System.nanoTime() - start;
            for (int i = 0; i < used; i++) {
                if (scored.get(i).status() == Status.OK) {
                    scored.set(
                            i,
                            Scorer.combined(scored.get(i), results.subList(i * crops.size(), (i + 1) * crops.size())));
                }
            }
            return scored;
        }
    }
}
