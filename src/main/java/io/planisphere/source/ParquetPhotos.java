package io.planisphere.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import io.planisphere.source.ParquetLayout.Bytes;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;

/**
 * The photos of one Parquet file, one row each: img2dataset, Hugging Face, or any column of bytes. Only the columns that the rows
 * need are read, one row group at a time, so that memory is bounded by the photos of one row group. A null photo becomes a row
 * with {@link Status#MISSING} and img2dataset's reason.
 */
public final class ParquetPhotos extends RecordShard {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ParquetRows rows;
    private final ShardSource shard;
    private final long maxImageBytes;
    private final Content content;
    private final OptOut optOut;
    private @Nullable ParquetLayout layout;
    private List<String> listed = List.of();

    private ParquetPhotos(ParquetRows rows, ShardSource shard, long maxImageBytes, Content content, OptOut optOut) {
        super(shard.uri());
        this.rows = rows;
        this.shard = shard;
        this.maxImageBytes = maxImageBytes;
        this.content = content;
        this.optOut = optOut;
    }

    static ParquetPhotos open(
            ShardSource shard, long maxImageBytes, Content content, OptOut optOut, Configuration hadoop)
            throws IOException {
        ParquetRows rows = new ParquetRows(new StoredFile(shard.uri(), hadoop), hadoop);
        return new ParquetPhotos(rows, shard, maxImageBytes, content, optOut);
    }

    @Override
    @Nullable
    EncodedImage record() throws IOException {
        ParquetLayout known = opened();
        Group row = rows.next();
        return row == null ? null : photo(known, row, rows.number());
    }

    @Override
    @Nullable
    IOException storageFailure() {
        return rows.storageFailure();
    }

    @Override
    String brokenOff(@Nullable String why) {
        return "The file cannot be read past row " + rows.number() + " of " + rows.count() + ": " + why
                + "; photos after it are lost, copy the file again";
    }

    private ParquetLayout opened() throws IOException {
        if (layout == null) {
            ParquetLayout found = ParquetLayout.of(rows.schema(), shard.column())
                    .orElseThrow(() -> new BadShard(
                            Status.UNSUPPORTED, "The file has no column " + shard.column() + " that holds bytes"));
            Set<String> names = new HashSet<>();
            found.idColumn().ifPresent(names::add);
            if (found.hasStatus()) {
                names.addAll(List.of(ParquetLayout.STATUS, ParquetLayout.ERROR));
            }
            listed = optOut.isEmpty() ? List.of() : found.listedColumns();
            names.addAll(listed);
            if (content.sidecars()) {
                names.addAll(found.plainColumns());
            }
            rows.project(found.read(names, content.photos() ? Bytes.READ : Bytes.LEFT));
            layout = found;
        }
        return layout;
    }

    private EncodedImage photo(ParquetLayout known, Group row, long number) {
        String uri = shard.uri() + "#" + number;
        Group holder = known.isStruct() ? struct(row, known.column()) : row;
        String id = known.idColumn()
                .map(name -> GroupValues.text(row, name))
                .or(() -> Optional.ofNullable(
                        known.isStruct() && holder != null ? GroupValues.text(holder, ParquetLayout.PATH) : null))
                .filter(name -> !name.isEmpty())
                .orElse(MediaType.baseName(shard.uri()) + "#" + number);
        if (optOut.holdsPhotoOfShard(id)
                || listed.stream().anyMatch(name -> optOut.holds(GroupValues.text(row, name)))) {
            return new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL);
        }
        if (!content.photos()) {
            return new EncodedImage.Ok(id, uri, PhotoBytes.none(), metadata(known, row));
        }
        byte[] bytes = holder == null
                ? null
                : GroupValues.bytes(holder, known.isStruct() ? ParquetLayout.BYTES : known.column());
        if (bytes == null) {
            return new EncodedImage.Rejected(id, uri, Status.MISSING, why(known, row));
        }
        if (bytes.length > maxImageBytes) {
            return new EncodedImage.Rejected(
                    id, uri, Status.TOO_LARGE, FetchLimits.exceeded(bytes.length + " bytes", maxImageBytes));
        }
        return new EncodedImage.Ok(id, uri, PhotoBytes.of(bytes), metadata(known, row));
    }

    private static @Nullable Group struct(Group row, String name) {
        return row.getType().containsField(name) && row.getFieldRepetitionCount(name) > 0
                ? row.getGroup(name, 0)
                : null;
    }

    private static String why(ParquetLayout known, Group row) {
        String status = known.hasStatus() ? GroupValues.text(row, ParquetLayout.STATUS) : null;
        if (status == null) {
            return "The column " + known.column() + " is null";
        }
        String error = GroupValues.text(row, ParquetLayout.ERROR);
        return error == null ? status : status + ": " + error;
    }

    private String metadata(ParquetLayout known, Group row) {
        if (!content.sidecars()) {
            return "";
        }
        ObjectNode all = JSON.createObjectNode();
        for (String name : known.plainColumns()) {
            GroupValues.put(all, row, name);
        }
        try {
            return all.isEmpty() ? "" : JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers is always JSON", e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
