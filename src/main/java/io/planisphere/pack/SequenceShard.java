package io.planisphere.pack;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.Text;

/**
 * A Hadoop SequenceFile from the key to the photo, uncompressed because photos are already compressed. The format has no place
 * for metadata.
 */
final class SequenceShard implements ShardWriter {
    private final FSDataOutputStream out;
    private final SequenceFile.Writer writer;

    SequenceShard(FSDataOutputStream out, Configuration hadoop) throws IOException {
        this.out = out;
        writer = SequenceFile.createWriter(
                hadoop,
                SequenceFile.Writer.stream(out),
                SequenceFile.Writer.keyClass(Text.class),
                SequenceFile.Writer.valueClass(BytesWritable.class),
                SequenceFile.Writer.compression(CompressionType.NONE));
    }

    @Override
    public void add(PackedPhoto photo) throws IOException {
        writer.append(new Text(photo.key()), new BytesWritable(photo.bytes()));
    }

    @Override
    public void close() throws IOException {
        writer.close(); // does not close a stream that was passed in
        out.close();
    }
}
