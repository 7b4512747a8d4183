package io.planisphere.pack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A WebDataset tar with {@code key.json} and {@code key.extension} of each photo next to each other. The same photos give a
 * byte-identical tar.
 */
final class TarShard implements ShardWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TarArchiveOutputStream tar;

    TarShard(OutputStream out) {
        tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /** Adds a photo. The metadata comes first, so that a reader with an opt-out list need not read the photo. */
    @Override
    public void add(PackedPhoto photo) throws IOException {
        put(photo.key() + ".json", JSON.writeValueAsBytes(photo.described()));
        put(photo.key() + "." + photo.extension(), photo.bytes());
    }

    private void put(String path, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        entry.setModTime(0);
        entry.setIds(0, 0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
