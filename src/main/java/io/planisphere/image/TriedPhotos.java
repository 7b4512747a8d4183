package io.planisphere.image;

import java.util.Iterator;

/** Photos after isolated decoding; one that crashed or hung there is returned as {@link Status#UNDECODABLE}. */
public final class TriedPhotos implements Iterator<EncodedImage>, AutoCloseable {
    private final Iterator<EncodedImage> photos;
    private final DecodingTrial trial;

    /** Creates an iterator that closes the trial when it is closed. */
    public TriedPhotos(Iterator<EncodedImage> photos, DecodingTrial trial) {
        this.photos = photos;
        this.trial = trial;
    }

    @Override
    public boolean hasNext() {
        return photos.hasNext();
    }

    @Override
    public EncodedImage next() {
        EncodedImage photo = photos.next();
        return photo instanceof EncodedImage.Ok encoded
                ? trial.probe(encoded.bytes())
                        .<EncodedImage>map(
                                harm -> new EncodedImage.Rejected(photo.id(), photo.uri(), Status.UNDECODABLE, harm))
                        .orElse(photo)
                : photo;
    }

    @Override
    public void close() {
        trial.close();
    }
}
