package io.planisphere.vision;

import io.planisphere.image.Crop;
import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Pixels;
import io.planisphere.image.Preparer;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Status;
import java.nio.ByteBuffer;
import java.util.List;

/** Decodes and prepares photos as a network's input. Not thread-safe; it owns native memory. */
final class PhotoTensors implements AutoCloseable {
    private final Preprocessing rule;
    private final List<Crop> crops;
    private final Decoder decoder;
    private final Preparer preparer;
    private long decodeNanos;
    private long prepareNanos;

    PhotoTensors(Preprocessing rule, List<Crop> crops, ImageLimits limits) {
        this.rule = rule;
        this.crops = crops;
        decoder = new Decoder(limits);
        preparer = new Preparer(rule, limits.resizing());
    }

    /**
     * Writes the tensors of the photo's crops, one after the other, and releases its bytes.
     *
     * @return the photo without views, or the reason why nothing was written
     */
    Scored write(EncodedImage photo, ByteBuffer target, int offset) {
        if (photo instanceof EncodedImage.Rejected no) {
            return Scored.rejected(no.id(), no.uri(), no.why(), no.detail(), 0, 0);
        }
        EncodedImage.Ok encoded = (EncodedImage.Ok) photo;
        long start = System.nanoTime();
        Decoded decoded = decoder.decode(encoded.content(), rule);
        encoded.content().release();
        long end = System.nanoTime();
        decodeNanos += end - start;
        if (decoded instanceof Decoded.Rejected no) {
            return Scored.rejected(photo.id(), photo.uri(), no.why(), no.detail(), no.width(), no.height());
        }
        Pixels pixels = ((Decoded.Ok) decoded).pixels();
        for (int crop = 0; crop < crops.size(); crop++) {
            preparer.prepare(pixels, crops.get(crop), target, offset + crop * rule.elements());
        }
        prepareNanos += System.nanoTime() - end;
        return new Scored(photo.id(), photo.uri(), Status.OK, null, pixels.width(), pixels.height(), List.of());
    }

    long decodeNanos() {
        return decodeNanos;
    }

    long prepareNanos() {
        return prepareNanos;
    }

    @Override
    public void close() {
        preparer.close();
        decoder.close();
    }
}
