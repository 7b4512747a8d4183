package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.SequenceFile.Writer;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests files of Hadoop's own writer, intact and broken. */
class SequenceReaderTest {
    private static final int PHOTOS = 200;
    private static final int MAX_BYTES = 60_000;

    @TempDir
    private Path folder = Path.of("");

    private Path file() {
        return folder.resolve("photos.seq");
    }

    /** Returns incompressible bytes, so that blocks and sync marks are frequent. */
    private static Map<String, byte[]> photos() {
        Random random = new Random(7);
        Map<String, byte[]> photos = new LinkedHashMap<>();
        for (int i = 0; i < PHOTOS; i++) {
            byte[] bytes = new byte[i == 5 ? 0 : random.nextInt(30_000)];
            random.nextBytes(bytes);
            photos.put("album/ü" + i + ".jpg", bytes);
        }
        return photos;
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void everyPhotoIsUnchangedForAnyCompression(CompressionType compression) throws IOException {
        Map<String, byte[]> photos = photos();
        SequenceFiles.write(file(), compression, photos);

        List<EncodedImage> read = read(OptOut.NONE, MAX_BYTES);

        assertThat(read).hasSize(PHOTOS);
        int i = 0;
        for (Map.Entry<String, byte[]> photo : photos.entrySet()) {
            EncodedImage.Ok ok = (EncodedImage.Ok) read.get(i++);
            assertThat(ok.id()).isEqualTo(photo.getKey());
            assertThat(ok.uri()).isEqualTo(file() + "#" + photo.getKey());
            assertThat(ok.bytes()).isEqualTo(photo.getValue());
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aPhotoOverTheSizeLimitIsTooLarge(CompressionType compression) throws IOException {
        Map<String, byte[]> photos = new LinkedHashMap<>();
        photos.put("small", new byte[10]);
        photos.put("large", new byte[1000]);
        photos.put("last", new byte[20]);
        SequenceFiles.write(file(), compression, photos);

        List<EncodedImage> read = read(OptOut.NONE, 100);

        assertThat(read).extracting(EncodedImage::id).containsExactly("small", "large", "last");
        EncodedImage.Rejected large = (EncodedImage.Rejected) read.get(1);
        assertThat(large.why()).isEqualTo(Status.TOO_LARGE);
        assertThat(large.detail()).contains("1000 bytes, the cap is 100");
        assertThat(((EncodedImage.Ok) read.get(2)).bytes()).hasSize(20);
    }

    /**
     * At every length: the photos before the end, and one row for the truncation. Only an end between records is undetectable.
     */
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aTruncatedFileGivesItsPhotosAndOneMoreRow(CompressionType compression) throws IOException {
        SequenceFiles.write(file(), compression, photos());
        byte[] whole = Files.readAllBytes(file());
        List<String> all = new ArrayList<>(photos().keySet());
        int seen = 0;

        for (int length = 1; length < whole.length; length += 40_009) {
            Files.write(file(), Arrays.copyOf(whole, length));
            List<EncodedImage> read = read(OptOut.NONE, MAX_BYTES);
            EncodedImage last = read.get(read.size() - 1);
            assertThat(last).isInstanceOf(EncodedImage.Rejected.class);
            assertThat(last.uri()).isEqualTo(file().toString());
            assertThat(read.subList(0, read.size() - 1))
                    .extracting(EncodedImage::id)
                    .isEqualTo(all.subList(0, read.size() - 1));
            assertThat(read.size()).isGreaterThanOrEqualTo(seen);
            seen = read.size();
        }
        assertThat(seen).isGreaterThan(PHOTOS / 2);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void damageAnywhereGivesARowAndNoError(CompressionType compression) throws IOException {
        SequenceFiles.write(file(), compression, photos());
        byte[] whole = Files.readAllBytes(file());
        Random random = new Random(11);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = whole.clone();
            // damaged lengths are the most harmful: some consecutive bytes, all ones
            int at = random.nextInt(damaged.length - 8);
            Arrays.fill(damaged, at, at + 8, (byte) (round % 2 == 0 ? 0x7f : random.nextInt()));
            Files.write(file(), damaged);

            List<EncodedImage> read = read(OptOut.NONE, MAX_BYTES);

            assertThat(read).isNotEmpty().hasSizeLessThanOrEqualTo(PHOTOS + 1);
            if (read.size() < PHOTOS) {
                assertThat(read.get(read.size() - 1)).isInstanceOf(EncodedImage.Rejected.class);
            }
        }
    }

    @Test
    void aFileOfOtherClassesIsRejectedAloneAndARowAmongOthers() throws IOException {
        try (Writer writer = SequenceFile.createWriter(
                new Configuration(),
                Writer.file(new org.apache.hadoop.fs.Path(file().toUri())),
                Writer.keyClass(Text.class),
                Writer.valueClass(IntWritable.class))) {
            writer.append(new Text("a"), new IntWritable(1));
        }

        assertThatThrownBy(
                        () -> new PhotoInputs(new Configuration(), InputFormat.AUTO, Optional.empty(), Optional.empty())
                                .of(List.of(file().toString())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("from org.apache.hadoop.io.Text to org.apache.hadoop.io.IntWritable");
        List<EncodedImage> read = read(OptOut.NONE, MAX_BYTES);
        assertThat(read).hasSize(1);
        assertThat(((EncodedImage.Rejected) read.get(0)).why()).isEqualTo(Status.UNSUPPORTED);
    }

    @Test
    void invalidAndEmptyFilesHaveTheirStatus() throws IOException {
        Files.write(file(), new byte[0]);
        assertThat(((EncodedImage.Rejected) read(OptOut.NONE, 1).get(0)).why()).isEqualTo(Status.EMPTY);
        Files.writeString(file(), "<html>");
        assertThat(((EncodedImage.Rejected) read(OptOut.NONE, 1).get(0)).why()).isEqualTo(Status.NOT_AN_IMAGE);
    }

    @Test
    void listedPhotosAreOptedOutAndRepeatedKeysHaveDistinctUris() throws IOException {
        try (Writer writer = SequenceFile.createWriter(
                new Configuration(),
                Writer.file(new org.apache.hadoop.fs.Path(file().toUri())),
                Writer.keyClass(Text.class),
                Writer.valueClass(org.apache.hadoop.io.BytesWritable.class))) {
            for (String key : List.of("a.jpg", "b.jpg", "a.jpg")) {
                writer.append(new Text(key), new org.apache.hadoop.io.BytesWritable(new byte[3]));
            }
        }
        Path list = Files.writeString(folder.resolve("list"), "b\n");

        List<EncodedImage> read = read(OptOut.read(list.toString(), new Configuration()), MAX_BYTES);

        assertThat(read)
                .extracting(EncodedImage::uri)
                .containsExactly(file() + "#a.jpg", file() + "#b.jpg", file() + "#a.jpg@2");
        assertThat(((EncodedImage.Rejected) read.get(1)).why()).isEqualTo(Status.OPTED_OUT);
    }

    private List<EncodedImage> read(OptOut optOut, long maxBytes) throws IOException {
        List<EncodedImage> photos = new ArrayList<>();
        try (ShardReader reader = new ShardSource(file().toString(), ShardFormat.IMAGESEQUENCE, "")
                .open(maxBytes, Content.PHOTOS, optOut, new Configuration())) {
            reader.forEachRemaining(photos::add);
            assertThat(reader.tally().rows()).isEqualTo(photos.size());
        }
        return photos;
    }
}
