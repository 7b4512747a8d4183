package io.planisphere.spark.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.planisphere.image.EncodedImage;
import io.planisphere.pack.PackedPhoto;
import io.planisphere.pack.ShardWriter;
import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoStream;
import io.planisphere.source.ShardFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Encoded photos in memory, at least one, which can be repeated. */
record HeldPhotos(List<EncodedImage> photos, long bytes) {
    HeldPhotos {
        photos = List.copyOf(photos);
    }

    /**
     * Returns the first photos of a folder or of shards, up to this number of bytes.
     *
     * @throws InputException if there are none
     */
    static HeldPhotos of(PhotoInput input, long most, Configuration hadoop) throws IOException {
        List<EncodedImage> photos = new ArrayList<>();
        long bytes = 0;
        try (PhotoStream stream = new PhotoStream(List.of(input), most, hadoop)) {
            while (bytes < most && stream.hasNext()) {
                if (stream.next() instanceof EncodedImage.Ok photo) {
                    photos.add(photo.kept());
                    bytes += photo.content().length();
                }
            }
        }
        if (photos.isEmpty()) {
            throw new InputException(
                    "--images " + input.given() + " holds no photo; give a folder of photos, or shards");
        }
        return new HeldPhotos(photos, bytes);
    }

    /** Writes the photos repeatedly into tars of equal length below a folder. */
    void write(Path folder, int shards, long perShard, Configuration hadoop) throws IOException {
        long next = 0;
        for (int shard = 0; shard < shards; shard++) {
            Path path = new Path(folder, String.format(Locale.ROOT, "%05d.tar", shard));
            try (ShardWriter writer = ShardWriter.create(ShardFormat.WEBDATASET, path, hadoop)) {
                for (long i = 0; i < perShard; i++, next++) {
                    EncodedImage.Ok photo = (EncodedImage.Ok) photos.get((int) (next % photos.size()));
                    String key = String.format(Locale.ROOT, "%09d", next);
                    writer.add(new PackedPhoto(
                            key, "jpg", key, photo.uri(), 0, 0, photo.bytes(), JsonNodeFactory.instance.objectNode()));
                }
            }
        }
    }

    /**
     * Returns an iterator over repeated photos; the iterators of several threads share a counter, and return {@code count} photos
     * together.
     */
    Iterator<EncodedImage> turns(AtomicLong handedOut, long count) {
        return new Iterator<>() {
            private long mine = handedOut.getAndIncrement();

            @Override
            public boolean hasNext() {
                return mine < count;
            }

            @Override
            public EncodedImage next() {
                if (mine >= count) {
                    throw new NoSuchElementException();
                }
                EncodedImage photo = photos.get((int) (mine % photos.size()));
                mine = handedOut.getAndIncrement();
                return photo;
            }
        };
    }
}
