package io.planisphere.source;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.planisphere.source.PhotoInput.Folder;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The photos of a folder, listed once and streamed to a file, so that no list of them is held in memory.
 *
 * @param videosSkipped videos in the folder
 * @param otherFilesSkipped other files, hidden ones left out
 * @param fingerprint fingerprint of all photos with their lengths and times, and of the numbers of other files
 */
public record FolderListing(long photos, long videosSkipped, long otherFilesSkipped, String fingerprint) {

    /**
     * Lists recursively, and writes one JSON object {@code {"id": …, "uri": …}} per line; the id is the path below the folder.
     * Files and folders whose names begin with a dot are skipped.
     */
    public static FolderListing write(Folder folder, OutputStream out, Configuration hadoop) throws IOException {
        long photos = 0;
        long videos = 0;
        long others = 0;
        Fingerprint fingerprint = new Fingerprint();
        try (JsonGenerator lines = new JsonFactory().createGenerator(out, JsonEncoding.UTF8)) {
            lines.setRootValueSeparator(new SerializedString("\n"));
            for (String root : folder.roots()) {
                Path rootPath = new Path(root);
                FileSystem fs = rootPath.getFileSystem(hadoop);
                Path base = fs.getFileStatus(rootPath).isFile() ? rootPath.getParent() : rootPath;
                String prefix = base == null ? "" : fs.makeQualified(base) + "/";
                for (RemoteIterator<LocatedFileStatus> files = fs.listFiles(rootPath, true); files.hasNext(); ) {
                    LocatedFileStatus file = files.next();
                    String uri = file.getPath().toString();
                    String id = uri.startsWith(prefix) ? uri.substring(prefix.length()) : uri;
                    MediaType type = id.startsWith(".") || id.contains("/.") ? MediaType.HIDDEN : MediaType.of(id);
                    switch (type) {
                        case PHOTO -> {
                            photos++;
                            fingerprint.add(file);
                            lines.writeStartObject();
                            lines.writeStringField("id", id);
                            lines.writeStringField("uri", uri);
                            lines.writeEndObject();
                        }
                        case VIDEO -> videos++;
                        case OTHER -> others++;
                        case HIDDEN -> {}
                    }
                }
            }
        }
        fingerprint.add(videos + " videos, " + others + " other files");
        return new FolderListing(photos, videos, others, fingerprint.hex());
    }
}
