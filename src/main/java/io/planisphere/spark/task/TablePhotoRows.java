package io.planisphere.spark.task;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.FetchLimits;
import io.planisphere.source.Mapped;
import io.planisphere.source.OptOut;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.file.ForklessFiles;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlannedMetadata;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Makes row files from one partition of planned references with their photos, each with its batch. */
public record TablePhotoRows(PhotoTask task, Broadcast<SerializableConfiguration> hadoop, RowFiles target)
        implements FlatMapFunction<Iterator<Row>, TaskResult> {
    @Override
    public Iterator<TaskResult> call(Iterator<Row> references) throws IOException {
        ForklessFiles.useIn(hadoop.value().value());
        Map<String, Long> batches = new HashMap<>();
        Iterator<EncodedImage> photos = new Mapped<>(ReferenceRows.noting(batches, references), this::photo);
        return List.of(ReferenceRows.written(task.rowsOf(photos), batches, target))
                .iterator();
    }

    private EncodedImage photo(Row row) {
        String id = row.getAs(Plan.ID);
        String uri = row.getAs(Plan.URI);
        OptOut optOut = task.optOut().value();
        if (optOut.holds(id) || optOut.holds(row.getAs(Plan.USER))) {
            return new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL);
        }
        byte[] bytes = row.getAs(Plan.CONTENT);
        if (bytes == null) {
            return new EncodedImage.Rejected(id, uri, Status.MISSING, "The row of the table has no photo");
        }
        long most = task.limits().maxBytes();
        if (bytes.length > most) {
            return new EncodedImage.Rejected(
                    id, uri, Status.TOO_LARGE, FetchLimits.exceeded(bytes.length + " bytes", most));
        }
        boolean isDescribed = task.rows().content() == Content.PHOTOS_AND_SIDECARS;
        EncodedImage.Ok photo = new EncodedImage.Ok(id, uri, bytes);
        return isDescribed ? new EncodedImage.Ok(id, uri, photo.content(), PlannedMetadata.of(row)) : photo;
    }
}
