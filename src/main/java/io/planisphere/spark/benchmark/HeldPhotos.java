package io.planisphere.spark.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.planisphere.image.EncodedImage;
import io.planisphere.pack.PackedPhoto;
import io.planisphere.pack.ShardWriter;
import io.planisphere.source.Content;
import io.planisphere.source.FileSystems;
import io.planisphere.source.InputException;
import io.planisphere.source.OptOut;
import io.planisphere.source.PhotoInput.Folder;
import io.planisphere.source.PhotoInput.Shards;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Encoded photos in memory, at least one, and as many turns over them as are asked for. */
record HeldPhotos(List<EncodedImage> photos, long bytes) {
    HeldPhotos {
        photos = List.copyOf(photos);
    }

    /** The first photos of a folder, up to so many bytes. */
    static HeldPhotos of(Folder folder, long most, Configuration hadoop) throws IOException {
        List<EncodedImage> photos = new ArrayList<>();
        long bytes = 0;
        for (String root : folder.roots()) {
            Path path = new Path(root);
            FileSystem fs = FileSystems.of(path, hadoop);
            RemoteIterator<LocatedFileStatus> files = fs.listFiles(path, true);
            while (files.hasNext() && bytes < most) {
                FileStatus file = files.next();
                if (file.getLen() > 0 && file.getLen() <= most) {
                    byte[] content = new byte[Math.toIntExact(file.getLen())];
                    try (FSDataInputStream in = fs.open(file.getPath())) {
                        in.readFully(content);
                    }
                    photos.add(new EncodedImage.Ok(
                            file.getPath().getName(), file.getPath().toString(), content));
                    bytes += content.length;
                }
            }
        }
        return new HeldPhotos(photos, bytes).required(folder.given());
    }

    /** The first photos of the first shards, up to so many bytes. */
    static HeldPhotos of(List<ShardSource> shards, String given, long most, Configuration hadoop) throws IOException {
        List<EncodedImage> photos = new ArrayList<>();
        long bytes = 0;
        for (ShardSource shard : shards) {
            try (ShardReader reader = shard.open(most, Content.PHOTOS, OptOut.NONE, hadoop)) {
                while (bytes < most && reader.hasNext()) {
                    if (reader.next() instanceof EncodedImage.Ok photo) {
                        photos.add(photo);
                        bytes += photo.bytes().length;
                    }
                }
            }
        }
        return new HeldPhotos(photos, bytes).required(given);
    }

    private HeldPhotos required(String given) {
        if (photos.isEmpty()) {
            throw new InputException("--images " + given + " holds no photo; give a folder of photos, or shards");
        }
        return this;
    }

    /** The shards that a glob finds. */
    static List<ShardSource> shards(Shards input, Configuration hadoop) throws IOException {
        Path glob = new Path(input.glob());
        FileStatus[] found = glob.getFileSystem(hadoop).globStatus(glob);
        return Arrays.stream(found == null ? new FileStatus[0] : found)
                .map(file -> new ShardSource(file.getPath().toString(), input.format(), input.column()))
                .toList();
    }

    /** Writes the photos, over and over, into tars of equal length below a folder. */
    void write(Path folder, int shards, long perShard, Configuration hadoop) throws IOException {
        long next = 0;
        for (int shard = 0; shard < shards; shard++) {
            Path path = new Path(folder, "%05d.tar".formatted(shard));
            try (ShardWriter writer = ShardWriter.create(ShardFormat.WEBDATASET, path, hadoop)) {
                for (long i = 0; i < perShard; i++, next++) {
                    EncodedImage.Ok photo = (EncodedImage.Ok) photos.get((int) (next % photos.size()));
                    String key = "%09d".formatted(next);
                    writer.add(new PackedPhoto(
                            key, "jpg", key, photo.uri(), 0, 0, photo.bytes(), JsonNodeFactory.instance.objectNode()));
                }
            }
        }
    }

    /** Hands out so many photos, to as many threads as there are iterators on the same counter. */
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
