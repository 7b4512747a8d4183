package io.planisphere.vision;

import io.planisphere.image.Cut;
import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Pixels;
import io.planisphere.image.Preparer;
import io.planisphere.image.Preprocessing.Size;
import io.planisphere.image.Region;
import io.planisphere.image.Status;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a detector on photos, and a second network on the faces that it detects: decode, detect, cut out, infer.
 *
 * <p>The detector processes one photo per call, because the faces are cut out of its pixels, which are valid only until the next
 * photo is decoded. The second network's batches have faces of several photos.
 *
 * <p>Memory is bounded: one photo's pixels, one batch of faces as tensors, and the results of {@value #PHOTOS_IN_FLIGHT} photos.
 * A photo with more faces than fit in a batch takes several batches.
 */
public final class FaceScorer implements PhotoPath<PhotoFaces> {
    /** Maximum number of photos in flight, such as photos without faces behind one whose batch is not full. */
    private static final int PHOTOS_IN_FLIGHT = 32;

    private final Iterator<EncodedImage> photos;
    private final FaceRule rule;
    private final Decoder decoder;
    private final Detecting detecting;
    private final @Nullable FaceBatch batch;
    private final ArrayDeque<PendingFaces> inFlight = new ArrayDeque<>();
    private long readNanos;
    private long decodeNanos;

    /**
     * @param networks both networks; this scorer closes the resources that it creates from them
     * @param batchSize faces per inference call of the second network
     */
    public FaceScorer(
            Iterator<EncodedImage> photos, FaceNetworks networks, FaceRule rule, ImageLimits limits, int batchSize) {
        this.photos = photos;
        this.rule = rule;
        decoder = new Decoder(limits);
        detecting = new Detecting(networks);
        batch = networks.outputs().isEmpty() ? null : new FaceBatch(networks, batchSize);
    }

    @Override
    public boolean hasNext() {
        return !inFlight.isEmpty() || more();
    }

    @Override
    public PhotoFaces next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        while (inFlight.isEmpty() || !inFlight.peek().isComplete()) {
            if (inFlight.size() < PHOTOS_IN_FLIGHT && more()) {
                long start = System.nanoTime();
                EncodedImage photo = photos.next();
                readNanos += System.nanoTime() - start;
                take(photo);
            } else if (batch != null) {
                batch.run();
            }
        }
        return inFlight.remove().result();
    }

    /** Returns whether there are more photos. Sources read ahead in this call, so its time counts as reading. */
    private boolean more() {
        long start = System.nanoTime();
        boolean more = photos.hasNext();
        readNanos += System.nanoTime() - start;
        return more;
    }

    private void take(EncodedImage photo) {
        if (photo instanceof EncodedImage.Rejected no) {
            inFlight.add(rejected(photo, no.why(), no.detail(), 0, 0));
            return;
        }
        long start = System.nanoTime();
        // Decode at full size, unlike for a detector alone: a face of 20 pixels must keep them all for the second
        // network.
        PhotoBytes content = ((EncodedImage.Ok) photo).content();
        Decoded decoded = decoder.decodeWhole(content);
        content.release();
        decodeNanos += System.nanoTime() - start;
        if (decoded instanceof Decoded.Rejected no) {
            inFlight.add(rejected(photo, no.why(), no.detail(), no.width(), no.height()));
            return;
        }
        Pixels pixels = ((Decoded.Ok) decoded).pixels();
        int width = pixels.width();
        int height = pixels.height();
        List<View> views = new ArrayList<>();
        for (Region part : Tiles.of(width, height, rule.scales(), detecting.input())) {
            Inferred seen = detecting.run(pixels, part);
            if (seen instanceof Inferred.Failed failed) {
                inFlight.add(rejected(photo, Status.MODEL_ERROR, failed.detail(), width, height));
                return;
            }
            views.add(new View(part, (Inferred.Outputs) seen));
        }
        List<Detection> faces = detecting.detector.detect(views, width, height).stream()
                .filter(rule::isKept)
                .toList();
        Scored scored = new Scored(photo.id(), photo.uri(), Status.OK, null, width, height, List.of());
        PendingFaces pending = new PendingFaces(scored, faces, batch != null);
        inFlight.add(pending);
        if (batch != null) {
            for (int i = 0; i < faces.size(); i++) {
                Optional<? extends Cut> cut = rule.cut(faces.get(i));
                if (cut.isPresent()) {
                    batch.add(pixels, cut.get(), pending, i);
                } else {
                    pending.complete(i, new Inferred.Failed("its landmarks all lie on one point"));
                }
            }
        }
    }

    private static PendingFaces rejected(
            EncodedImage photo, Status why, @Nullable String detail, int width, int height) {
        return new PendingFaces(Scored.rejected(photo.id(), photo.uri(), why, detail, width, height), List.of(), false);
    }

    @Override
    public StageTimes times() {
        StageTimes faces = batch == null ? new StageTimes(0, 0, 0, 0) : batch.times();
        return new StageTimes(
                readNanos, decodeNanos, detecting.prepareNanos + faces.prepare(), detecting.inferNanos + faces.infer());
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
        }
        detecting.close();
        decoder.close();
    }

    /** Runs the detector, one part of a photo per call. */
    private static final class Detecting implements AutoCloseable {
        private final Detector detector;
        private final Size input;
        private final Preparer preparer;
        private final Inference inference;
        private long prepareNanos;
        private long inferNanos;

        Detecting(FaceNetworks networks) {
            detector = networks.detector();
            input = networks.detectorPackage().preprocessing().crop();
            preparer = new Preparer(networks.detectorPackage().preprocessing());
            inference = networks.detectorSession().newInference(detector.outputs(), 1, 1);
        }

        /** Returns the size of its input in pixels. */
        Size input() {
            return input;
        }

        Inferred run(Pixels pixels, Region part) {
            long start = System.nanoTime();
            preparer.prepare(pixels, part, inference.input(), 0);
            long prepared = System.nanoTime();
            prepareNanos += prepared - start;
            Inferred seen = inference.run(1).get(0);
            inferNanos += System.nanoTime() - prepared;
            return seen;
        }

        @Override
        public void close() {
            inference.close();
            preparer.close();
        }
    }
}
