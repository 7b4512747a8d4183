package io.planisphere.spark.file;

import io.planisphere.source.GivenPath;
import io.planisphere.spark.file.WholeFile.Content;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A new folder of small text files, written atomically: under a temporary name, then renamed. An object store renames file by
 * file, so a crash during the rename can leave some of them.
 */
public final class WholeFolder {
    private WholeFolder() {}

    /**
     * Writes the folder, which must not exist.
     *
     * @param files contents by file name
     */
    public static void write(String uri, Map<String, Content> files, Configuration configuration) throws IOException {
        Path path = GivenPath.of("Output", uri, configuration).path();
        Path unfinished = new Path(path + "._unfinished");
        FileSystem fs = path.getFileSystem(configuration);
        fs.delete(unfinished, true);
        for (Map.Entry<String, Content> file : files.entrySet()) {
            new WholeFile(new Path(unfinished, file.getKey()).toString(), configuration).write(file.getValue());
        }
        // a rename to an existing folder would move into it
        if (fs.exists(path) || !fs.rename(unfinished, path)) {
            throw new IOException("Cannot rename " + unfinished + " to " + path);
        }
    }
}
