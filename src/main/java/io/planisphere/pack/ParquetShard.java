package io.planisphere.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A Parquet file whose column {@code image} is a struct of bytes and path, as Hugging Face stores photos. Row groups are small,
 * because readers load a whole row group.
 */
final class ParquetShard implements ShardWriter {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message photo {
              required binary id (STRING);
              required binary key (STRING);
              required binary uri (STRING);
              optional int32 width;
              optional int32 height;
              optional double latitude;
              optional double longitude;
              optional binary user (STRING);
              optional binary taken (STRING);
              optional binary metadata (STRING);
              required group image {
                required binary bytes;
                required binary path (STRING);
              }
            }
            """);
    private static final List<String> NUMBERS = List.of("latitude", "longitude");
    private static final List<String> TEXTS = List.of("user", "taken");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ROW_GROUP_BYTES = 32 << 20;

    private final ParquetWriter<Group> writer;

    ParquetShard(FSDataOutputStream out, Configuration hadoop) throws IOException {
        writer = ExampleParquetWriter.builder(new Given(out))
                .withType(SCHEMA)
                .withConf(hadoop)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED) // photos are compressed already
                .withDictionaryEncoding("image.bytes", false)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withMinRowCountForPageSizeCheck(1) // the default, a hundred photos, may be a gigabyte
                .withMaxRowCountForPageSizeCheck(16)
                .build();
    }

    @Override
    public void add(PackedPhoto photo) throws IOException {
        Group row = new SimpleGroup(SCHEMA);
        row.append("id", photo.id()).append("key", photo.key()).append("uri", photo.uri());
        if (photo.width() > 0) {
            row.append("width", photo.width()).append("height", photo.height());
        }
        ObjectNode rest = photo.metadata().deepCopy();
        for (String name : NUMBERS) {
            JsonNode number = rest.get(name);
            if (number != null && number.isNumber()) {
                row.append(name, number.doubleValue());
                rest.remove(name);
            }
        }
        for (String name : TEXTS) {
            JsonNode text = rest.get(name);
            if (text != null && text.isTextual()) {
                row.append(name, text.textValue());
                rest.remove(name);
            }
        }
        if (!rest.isEmpty()) {
            row.append("metadata", JSON.writeValueAsString(rest));
        }
        row.addGroup("image")
                .append("bytes", Binary.fromConstantByteArray(photo.bytes()))
                .append(
                        "path",
                        photo.key() + (photo.key().endsWith("." + photo.extension()) ? "" : "." + photo.extension()));
        writer.write(row);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** An output file for a stream that is already open. */
    private record Given(FSDataOutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return HadoopStreams.wrap(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
