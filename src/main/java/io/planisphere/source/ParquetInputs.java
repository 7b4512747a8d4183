package io.planisphere.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;

/** Distinguishes Parquet files that contain photos from manifests, by the first file that can be read. */
record ParquetInputs(Configuration hadoop, Optional<String> column) {
    private static final int TRIED = 10;

    /**
     * Returns the column of photos; empty if the files are a manifest.
     *
     * @throws InputException if it cannot be determined
     */
    Optional<String> photoColumn(String input, List<FileStatus> found) throws IOException {
        Optional<MessageType> schema = schema(found);
        Optional<String> photos = schema.flatMap(known -> ParquetLayout.photoColumn(known, column, input));
        if (column.isEmpty() && photos.isPresent() && ParquetLayout.isDoubtful(schema.get(), photos.get())) {
            throw new InputException("Input " + input + " says where photos are and has bytes in column " + photos.get()
                    + "; say which with --format manifest or --format parquet");
        }
        return photos;
    }

    /**
     * Returns the column of photos of files that the user declared to contain photos.
     *
     * @throws InputException if there is no such column, or several
     */
    String certainColumn(String input, List<FileStatus> found) throws IOException {
        MessageType schema = schema(found)
                .orElseThrow(() -> new InputException("Input " + input
                        + " holds no Parquet file that can be read; check that they were copied whole"));
        return ParquetLayout.photoColumn(schema, column, input)
                .orElseThrow(() -> new InputException("Input " + input + " has no column of bytes, only "
                        + schema.getFields().stream()
                                .map(field -> field.getName())
                                .toList()
                        + "; if it says where photos are, give --format manifest"));
    }

    private Optional<MessageType> schema(List<FileStatus> found) throws IOException {
        int tried = 0;
        for (FileStatus file : found) {
            List<FileStatus> files = file.isDirectory() ? inside(file.getPath()) : List.of(file);
            for (FileStatus one : files) {
                try (ParquetRows rows =
                        new ParquetRows(new StoredFile(one.getPath().toString(), hadoop), hadoop)) {
                    return Optional.of(rows.schema());
                } catch (BadShard | RuntimeException e) {
                    if (++tried == TRIED) { // it will get a row
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.empty();
    }

    private List<FileStatus> inside(Path folder) throws IOException {
        FileStatus[] files = folder.getFileSystem(hadoop)
                .globStatus(new Path(Globs.literal(folder) + "/" + ShardFormat.PARQUET.folderGlob()));
        return files == null
                ? List.of()
                : Arrays.stream(files).filter(FileStatus::isFile).toList();
    }
}
