package io.planisphere.spark.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.pack.PackedPhoto;
import io.planisphere.pack.SampleKey;
import io.planisphere.pack.Triage;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.plan.PlannedMetadata;
import io.planisphere.spark.rows.PhotoRows;
import io.planisphere.vision.StageTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** Writes the photos of one task into its shards, and makes a row for each photo. */
final class PackedRows implements PhotoRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Iterator<EncodedImage> photos;
    private final Triage triage;
    private final PackBatch batch;
    private final TaskShards shards;
    private long readNanos;

    PackedRows(Iterator<EncodedImage> photos, ImageLimits limits, PackBatch batch, TaskContext task) {
        this.photos = photos;
        this.triage = new Triage(limits);
        this.batch = batch;
        this.shards = new TaskShards(batch, task);
    }

    /**
     * Returns whether there are more photos; closes the last shard at the end, so that it is complete before the task's rows are
     * committed.
     */
    @Override
    public boolean hasNext() {
        long start = System.nanoTime();
        boolean more = photos.hasNext();
        readNanos += System.nanoTime() - start;
        if (!more) {
            try {
                shards.finish();
            } catch (IOException e) {
                throw failed(e);
            }
        }
        return more;
    }

    @Override
    public Row next() {
        long start = System.nanoTime();
        EncodedImage photo = photos.next();
        readNanos += System.nanoTime() - start;
        if (photo instanceof EncodedImage.Rejected no) {
            return row(no.id(), no.uri(), no.why(), no.detail(), 0, 0, null, null, null, null);
        }
        EncodedImage.Ok ok = (EncodedImage.Ok) photo;
        Triage.Verdict verdict = triage.of(ok.id(), ok.content());
        if (verdict instanceof Triage.Unfit unfit) {
            return row(
                    ok.id(),
                    ok.uri(),
                    unfit.why(),
                    unfit.detail(),
                    unfit.width(),
                    unfit.height(),
                    null,
                    null,
                    null,
                    null);
        }
        return packed(ok, (Triage.Fit) verdict);
    }

    private Row packed(EncodedImage.Ok photo, Triage.Fit fit) {
        ObjectNode metadata = metadata(photo.metadata());
        JsonNode given = metadata.remove(PlannedMetadata.KEY);
        String key = given == null ? SampleKey.of(photo.id(), batch.job().format()) : given.asText();
        if (shards.holds(key)) { // the names of photos in shards are not known beforehand
            key = SampleKey.apart(key, photo.uri());
        }
        String shard;
        try {
            shard = shards.add(new PackedPhoto(
                    key, fit.extension(), photo.id(), photo.uri(), fit.width(), fit.height(), photo.bytes(), metadata));
        } catch (IOException e) {
            throw failed(e);
        }
        String kept =
                batch.job().format() == ShardFormat.IMAGESEQUENCE && !metadata.isEmpty() ? metadata.toString() : null;
        return row(
                photo.id(),
                photo.uri(),
                Status.OK,
                null,
                fit.width(),
                fit.height(),
                key,
                shard,
                (long) photo.content().length(),
                kept);
    }

    private static ObjectNode metadata(String json) {
        try {
            return !json.isEmpty() && JSON.readTree(json) instanceof ObjectNode object
                    ? object
                    : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A source gave metadata that are no JSON: " + json, e);
        }
    }

    private static Row row(
            String id,
            String uri,
            Status status,
            @Nullable String detail,
            int width,
            int height,
            @Nullable String key,
            @Nullable String shard,
            @Nullable Long bytes,
            @Nullable String metadata) {
        return RowFactory.create(
                id,
                uri,
                status.code(),
                detail,
                width == 0 ? null : width,
                height == 0 ? null : height,
                key,
                shard,
                bytes,
                metadata);
    }

    private static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("Cannot write a shard: " + e.getMessage(), e);
    }

    @Override
    public List<String> sideFiles() {
        return shards.written();
    }

    @Override
    public StageTimes times() {
        return new StageTimes(readNanos, 0, 0, 0);
    }

    @Override
    public void close() {
        shards.close();
    }
}
