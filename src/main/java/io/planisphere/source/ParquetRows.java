package io.planisphere.source;

import static java.util.Objects.requireNonNull;

import io.planisphere.image.Status;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of one Parquet file in the requested columns, read one row group at a time. */
final class ParquetRows implements Closeable {
    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    // magic, length of an empty footer, magic
    private static final long SHORTEST = 12;

    private final StoredFile file;
    private final Configuration hadoop;
    private @Nullable ParquetFileReader reader;
    private @Nullable MessageType projection;
    private @Nullable RecordReader<Group> records;
    private int group;
    private long left;
    private long number = -1;

    ParquetRows(StoredFile file, Configuration hadoop) {
        this.file = file;
        this.hadoop = hadoop;
    }

    /** @throws BadShard if the file is not a Parquet file, or is truncated */
    MessageType schema() throws IOException {
        return open().getFileMetaData().getSchema();
    }

    private ParquetFileReader open() throws IOException {
        if (reader == null) {
            checkEnds();
            reader = ParquetFileReader.open(
                    file, HadoopReadOptions.builder(hadoop).build());
        }
        return reader;
    }

    /** Checks the magic at both ends. The footer is at the end of the file, so a truncated file cannot be read at all. */
    private void checkEnds() throws IOException {
        if (file.getLength() == 0) {
            throw new BadShard(Status.EMPTY, "The shard holds no bytes");
        }
        byte[] begin = new byte[MAGIC.length];
        byte[] end = new byte[MAGIC.length];
        try (var in = file.newStream()) {
            if (file.getLength() >= MAGIC.length) {
                in.readFully(begin);
                in.seek(file.getLength() - MAGIC.length);
                in.readFully(end);
            }
        }
        if (!Arrays.equals(begin, MAGIC)) {
            throw new BadShard(Status.NOT_AN_IMAGE, "The shard is no Parquet file: it does not begin with PAR1");
        }
        if (!Arrays.equals(end, MAGIC) || file.getLength() < SHORTEST) {
            throw new BadShard(
                    Status.TRUNCATED,
                    "The Parquet file ends without its footer, after " + file.getLength()
                            + " bytes, so that none of its photos can be found; copy the file again");
        }
    }

    /** Sets the columns that {@link #next} returns. */
    void project(MessageType columns) throws IOException {
        // without any column, rows could not be counted
        MessageType read = columns.getFieldCount() > 0
                ? columns
                : new MessageType(schema().getName(), schema().getFields().get(0));
        open().setRequestedSchema(read);
        projection = read;
    }

    /** Returns the next row; null at the end. */
    @Nullable
    Group next() throws IOException {
        MessageType columns = requireNonNull(projection, "project comes first");
        while (left == 0) {
            if (group == open().getRowGroups().size()) {
                return null;
            }
            checkSize(open().getRowGroups().get(group), columns);
            PageReadStore pages = open().readNextRowGroup();
            group++;
            if (pages == null) {
                return null;
            }
            left = pages.getRowCount();
            records = new ColumnIOFactory()
                    .getColumnIO(columns, schema())
                    .getRecordReader(pages, new GroupRecordConverter(columns));
        }
        Group row = requireNonNull(records, "there is a row group").read();
        left--;
        number++;
        return row;
    }

    /** Checks that a row group fits in memory, because Parquet's reader loads its columns as a whole. */
    private static void checkSize(BlockMetaData rows, MessageType columns) throws BadShard {
        Set<ColumnPath> wanted = new HashSet<>();
        columns.getPaths().forEach(path -> wanted.add(ColumnPath.get(path)));
        long bytes = rows.getColumns().stream()
                .filter(chunk -> wanted.contains(chunk.getPath()))
                .mapToLong(ColumnChunkMetaData::getTotalSize)
                .sum();
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (bytes > most) {
            throw new BadShard(
                    Status.TOO_LARGE,
                    "A row group of " + rows.getRowCount() + " photos takes " + bytes + " bytes, and this JVM can hold "
                            + most
                            + " at a time; it and all after it are left out. Write the file again with smaller row "
                            + "groups, or give executors more memory");
        }
    }

    /** Returns the number of the last row, from 0. */
    long number() {
        return number;
    }

    /** Returns the number of rows according to the footer; 0 if it cannot be read. */
    long count() {
        return reader == null ? 0 : reader.getRecordCount();
    }

    /** Returns the exception of the storage, if there was one. */
    @Nullable
    IOException storageFailure() {
        return file.failure();
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
