package io.planisphere.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.SequenceFile.Writer;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.DefaultCodec;

/** Writes SequenceFiles for tests with Hadoop's own writer. */
public final class SequenceFiles {
    private SequenceFiles() {}

    /** Writes photos by id, in the map's order. */
    public static Path write(Path file, CompressionType compression, Map<String, byte[]> photos) throws IOException {
        DefaultCodec codec = new DefaultCodec();
        codec.setConf(new Configuration());
        try (Writer writer = SequenceFile.createWriter(
                new Configuration(),
                Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
                Writer.keyClass(Text.class),
                Writer.valueClass(BytesWritable.class),
                Writer.compression(compression, codec))) {
            for (Map.Entry<String, byte[]> photo : photos.entrySet()) {
                writer.append(new Text(photo.getKey()), new BytesWritable(photo.getValue()));
            }
        }
        return file;
    }
}
