package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Sniffed;
import io.planisphere.image.Sniffer;
import io.planisphere.image.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests files written by pyarrow ({@code parquet/golden.py}), intact and broken. */
class ParquetPhotosTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/planisphere/source/parquet");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void img2datasetGivesOneRowPerLineWithDownloadErrors() throws IOException {
        PhotoInput.Shards input = input("img2dataset.parquet", Optional.empty());
        assertThat(input.column()).isEqualTo("jpg");

        List<EncodedImage> rows = read("img2dataset.parquet", "jpg", Content.PHOTOS, OptOut.NONE);

        assertThat(rows).extracting(EncodedImage::id).containsExactly("000000000", "000000001", "000000002");
        EncodedImage.Rejected gone = (EncodedImage.Rejected) rows.get(1);
        assertThat(gone.why()).isEqualTo(Status.MISSING);
        assertThat(gone.detail()).isEqualTo("failed_to_download: HTTP Error 404: Not Found");
        assertThat(gone.uri()).isEqualTo(GOLDEN.toAbsolutePath() + "/img2dataset.parquet#1");
        assertPng(rows.get(0));
        assertPng(rows.get(2));
    }

    @Test
    void huggingFaceStructsAreReadByName() throws IOException {
        assertThat(input("huggingface.parquet", Optional.empty()).column()).isEqualTo("image");

        List<EncodedImage> rows = read("huggingface.parquet", "image", Content.PHOTOS_AND_SIDECARS, OptOut.NONE);

        assertThat(rows)
                .extracting(EncodedImage::id)
                .containsExactly("green.png", "huggingface.parquet#1", "huggingface.parquet#2");
        assertPng(rows.get(0));
        assertThat(((EncodedImage.Ok) rows.get(0)).metadata()).isEqualTo("{\"label\":3}");
        assertThat(((EncodedImage.Rejected) rows.get(2)).detail()).isEqualTo("The column image is null");
    }

    @Test
    void aPlainColumnIsReadFromSeveralRowGroups() throws IOException {
        assertThat(input("plain.parquet", Optional.empty()).column()).isEqualTo("content");

        List<EncodedImage> rows = read("plain.parquet", "content", Content.PHOTOS_AND_SIDECARS, OptOut.NONE);

        assertThat(rows).extracting(EncodedImage::id).containsExactly("r", "g", "b", "r2", "g2");
        rows.forEach(ParquetPhotosTest::assertPng);
        assertThat(((EncodedImage.Ok) rows.get(3)).metadata()).contains("\"owner\":\"carl\"", "\"score\":3.5");
    }

    @Test
    void photosAndUsersOnTheListAreOptedOut() throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "anna\ng2\n");

        List<EncodedImage> rows =
                read("plain.parquet", "content", Content.PHOTOS, OptOut.read(list.toString(), new Configuration()));

        assertThat(rows.stream().filter(EncodedImage.Ok.class::isInstance).map(EncodedImage::id))
                .containsExactly("g", "r2");
        assertThat(rows).hasSize(5);
    }

    @Test
    void severalBinaryColumnsRequireThePhotoColumn() throws IOException {
        assertThatThrownBy(() -> input("two.parquet", Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("several columns of bytes: thumbnail, jpg")
                .hasMessageContaining("--photo-column");
        assertThat(input("two.parquet", Optional.of("jpg")).column()).isEqualTo("jpg");
        assertThatThrownBy(() -> input("two.parquet", Optional.of("id")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column of photos named id");
    }

    @Test
    void aTableThatCouldBeAManifestRequiresTheFormat() throws IOException {
        assertThatThrownBy(() -> input("manifest.parquet", Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("says where photos are and has bytes in column sha1")
                .hasMessageContaining("--format manifest or --format parquet");
        assertThat(new PhotoInputs(new Configuration(), InputFormat.MANIFEST, Optional.empty(), Optional.empty())
                        .of(List.of(GOLDEN.resolve("manifest.parquet").toString()))
                        .get(0))
                .isInstanceOf(PhotoInput.Manifest.class);
    }

    @Test
    void aTruncatedFileIsOneRow() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("plain.parquet"));
        for (int length : List.of(0, 3, 8, 700, whole.length - 1)) {
            Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));

            List<EncodedImage> rows = read(cut, "content", Content.PHOTOS, OptOut.NONE, 1 << 20);

            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).uri()).isEqualTo(cut.toString());
            assertThat(((EncodedImage.Rejected) rows.get(0)).why())
                    .isEqualTo(length == 0 ? Status.EMPTY : length == 3 ? Status.NOT_AN_IMAGE : Status.TRUNCATED);
        }
    }

    @Test
    void damageAnywhereGivesARowAndNoError() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("plain.parquet"));
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            int at = 4 + random.nextInt(damaged.length - 16);
            for (int i = at; i < at + 6; i++) {
                damaged[i] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("damaged.parquet"), damaged);

            List<EncodedImage> rows = read(file, "content", Content.PHOTOS, OptOut.NONE, 1 << 20);

            assertThat(rows).as("damage at %d", at).isNotEmpty();
            if (rows.size() < 5) {
                assertThat(rows.get(rows.size() - 1)).isInstanceOf(EncodedImage.Rejected.class);
            }
        }
    }

    @Test
    void aPhotoOverTheSizeLimitIsTooLarge() throws IOException {
        List<EncodedImage> rows =
                read(GOLDEN.resolve("plain.parquet").toAbsolutePath(), "content", Content.PHOTOS, OptOut.NONE, 10);

        assertThat(rows)
                .hasSize(5)
                .allMatch(row -> row instanceof EncodedImage.Rejected no && no.why() == Status.TOO_LARGE);
    }

    private static void assertPng(EncodedImage row) {
        Sniffed sniffed = new Sniffer(ImageLimits.DEFAULT).sniff(((EncodedImage.Ok) row).bytes());
        assertThat(((Sniffed.Complete) sniffed).header().width()).isEqualTo(12);
    }

    private static PhotoInput.Shards input(String name, Optional<String> column) throws IOException {
        PhotoInputs inputs = new PhotoInputs(new Configuration(), InputFormat.AUTO, Optional.empty(), column);
        return (PhotoInput.Shards)
                inputs.of(List.of(GOLDEN.resolve(name).toAbsolutePath().toString()))
                        .get(0);
    }

    private List<EncodedImage> read(String name, String column, Content content, OptOut optOut) throws IOException {
        return read(GOLDEN.resolve(name).toAbsolutePath(), column, content, optOut, 1 << 20);
    }

    private static List<EncodedImage> read(Path file, String column, Content content, OptOut optOut, long maxBytes)
            throws IOException {
        List<EncodedImage> photos = new ArrayList<>();
        try (ShardReader reader = new ShardSource(file.toString(), ShardFormat.PARQUET, column)
                .open(maxBytes, content, optOut, new Configuration())) {
            reader.forEachRemaining(photos::add);
            assertThat(reader.tally().rows()).isEqualTo(photos.size());
        }
        return photos;
    }
}
