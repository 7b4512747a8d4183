package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WebDatasetReaderTest {
    private static final String SHARD = "file:/shards/000.tar";

    private record Read(List<EncodedImage> images, ShardTally tally) {
        List<String> ids() {
            return images.stream().map(EncodedImage::id).toList();
        }

        List<String> uris() {
            return images.stream().map(EncodedImage::uri).toList();
        }

        EncodedImage.Rejected rejected(int row) {
            return (EncodedImage.Rejected) images.get(row);
        }
    }

    @Test
    void theKeyIsThePathUpToTheFirstDotOfTheBaseName() {
        Read read = read(new Tars()
                .with("v1.0/a.b/0001.jpg", Photos.png(1))
                .with("v1.0/a.b/0002.JPEG", Photos.png(2))
                .with("./0003.thumb.png", Photos.png(3)));

        assertThat(read.ids()).containsExactly("v1.0/a.b/0001", "v1.0/a.b/0002", "./0003");
        assertThat(read.uris())
                .containsExactly(
                        SHARD + "#v1.0/a.b/0001.jpg", SHARD + "#v1.0/a.b/0002.JPEG", SHARD + "#./0003.thumb.png");
        assertThat(((EncodedImage.Ok) read.images().get(1)).bytes()).isEqualTo(Photos.png(2));
        assertThat(read.tally()).isEqualTo(new ShardTally(3, 0, 0, 0));
    }

    @Test
    void photosOfOneSampleAreDistinguishedByTheirField() {
        Read read = read(new Tars()
                .with("a.left.jpg", Photos.png(1))
                .with("a.json", "{}")
                .with("a.Right.jpg", Photos.png(2))
                .with("b.jpg", Photos.png(3)));

        assertThat(read.ids()).containsExactly("a.left.jpg", "a.right.jpg", "b");
    }

    @Test
    void aSampleWithoutAPhotoIsOneRowThatNamesItsFields() {
        Read read = read(new Tars().with("a.json", "{}").with("a.txt", "x").with("b.jpg", Photos.png(1)));

        assertThat(read.ids()).containsExactly("a", "b");
        assertThat(read.rejected(0).why()).isEqualTo(Status.MISSING);
        assertThat(read.rejected(0).detail()).isEqualTo("The sample holds no photo, only json, txt");
        assertThat(read.tally()).isEqualTo(new ShardTally(1, 1, 0, 0));
    }

    @Test
    void videosAreSkippedAndCounted() {
        Read read = read(new Tars()
                .with("a.mp4", "video")
                .with("a.json", "{}")
                .with("b.jpg", Photos.png(1))
                .with("b.WEBM", "video"));

        assertThat(read.ids()).containsExactly("b");
        assertThat(read.tally()).isEqualTo(new ShardTally(1, 0, 2, 0));
        assertThat(read.tally().rows()).isEqualTo(1);
    }

    @Test
    void foldersHiddenFilesAndShardMetadataGiveNoRows() {
        Read read = read(new Tars()
                .withFolder("photos")
                .with("photos/._a.jpg", "resource fork")
                .with("photos/.DS_Store", "x")
                .with("__info__", "x")
                .with("photos/a.jpg", Photos.png(1)));

        assertThat(read.uris()).containsExactly(SHARD + "#photos/a.jpg");
    }

    @Test
    void aRepeatedPathHasTwoUris() {
        Read read = read(new Tars()
                .with("a.jpg", Photos.png(1))
                .with("b.jpg", Photos.png(2))
                .with("a.jpg", Photos.png(3))
                .with("a.jpg@2.jpg", Photos.png(3)));

        assertThat(read.uris())
                .containsExactly(SHARD + "#a.jpg", SHARD + "#b.jpg", SHARD + "#a.jpg@2", SHARD + "#a.jpg@2.jpg");
    }

    @Test
    void anEmptyEntryIsAPhotoWithoutBytes() {
        Read read = read(new Tars().with("a.jpg", new byte[0]));

        assertThat(((EncodedImage.Ok) read.images().get(0)).bytes()).isEmpty();
    }

    @Test
    void aPhotoOverTheSizeLimitIsNotRead() {
        Read read = read(
                new Tars()
                        .with("a.jpg", new byte[1001])
                        .with("b.jpg", new byte[1000])
                        .bytes(),
                1000);

        assertThat(read.rejected(0).why()).isEqualTo(Status.TOO_LARGE);
        assertThat(read.rejected(0).detail()).isEqualTo("1001 bytes, the cap is 1000; raise --max-bytes to read it");
        assertThat(read.images().get(1)).isInstanceOf(EncodedImage.Ok.class);
    }

    @Test
    void theErrorOfAHardLinkNamesTheTarOption() {
        Read read = read(new Tars().with("a.jpg", Photos.png(1)).withHardLink("b.jpg", "a.jpg"));

        assertThat(read.rejected(1).why()).isEqualTo(Status.UNSUPPORTED);
        assertThat(read.rejected(1).detail()).contains("link to a.jpg", "--hard-dereference");
    }

    @Test
    void longAndUnicodeNamesAreReadInBothDialects() {
        String name = "日本/" + "ü".repeat(120) + "/é#%20 x.jpg";

        assertThat(read(new Tars().with(name, Photos.png(1))).uris()).containsExactly(SHARD + "#" + name);
        assertThat(read(new Tars().withGnuLongNames().with(name, Photos.png(1))).uris())
                .containsExactly(SHARD + "#" + name);
    }

    @Test
    void gzippedShardsAreReadLikePlainOnes() {
        byte[] plain = new Tars().with("a.jpg", Photos.png(1)).bytes();

        assertThat(read(Tars.gzip(plain), 1000).ids()).containsExactly("a");
    }

    @Test
    void concatenatedTarsAreReadCompletely() throws IOException {
        byte[] first = new Tars().with("a.jpg", Photos.png(1)).bytes();
        byte[] second = new Tars().with("b.jpg", Photos.png(2)).bytes();
        InputStream both = new SequenceInputStream(new ByteArrayInputStream(first), new ByteArrayInputStream(second));

        assertThat(read(both, 1000).ids()).containsExactly("a", "b");
    }

    @Test
    void aTarTruncatedAnywhereGivesItsPhotosAndOneRowWithThePosition() {
        byte[] whole = new Tars()
                .with("a.jpg", noise(1, 700))
                .with("a.json", "{}")
                .with("b.mp4", noise(2, 600))
                .with("日本.jpg", noise(3, 1024))
                .with("c.txt", "caption")
                .with("c.jpg", noise(4, 100))
                .bytes();
        for (int cut = 1; cut < whole.length; cut += cut % 512 < 2 || cut % 512 == 511 ? 1 : 509) {
            byte[] part = Arrays.copyOf(whole, cut);
            for (byte[] shard : List.of(part, Tars.gzip(part))) {
                Read read = read(shard, 10_000);
                boolean complete = read.tally().damagedShards() == 0;
                if (complete) {
                    assertThat(read.ids()).as("cut at %d", cut).containsExactly("a", "日本", "c");
                } else {
                    EncodedImage.Rejected last = read.rejected(read.images().size() - 1);
                    assertThat(last.uri()).as("cut at %d", cut).isEqualTo(SHARD);
                    assertThat(last.id()).isEqualTo("000.tar");
                    assertThat(last.why()).isIn(Status.TRUNCATED, Status.NOT_AN_IMAGE);
                    assertThat(read.images().subList(0, read.images().size() - 1))
                            .allMatch(EncodedImage.Ok.class::isInstance);
                    assertThat(last.why()).isEqualTo(cut < 512 ? Status.NOT_AN_IMAGE : Status.TRUNCATED);
                }
                assertThat(read.tally().rows()).isEqualTo(read.images().size());
                assertThat(read(shard, 10_000, Content.SIDECARS).ids())
                        .as("rows without content, cut at %d", cut)
                        .isEqualTo(read.ids());
            }
        }
    }

    @Test
    void aGzippedTarTruncatedAnywhereGivesItsPhotosAndOneRow() {
        byte[] whole = Tars.gzip(new Tars()
                .with("a.jpg", noise(1, 700))
                .with("b.jpg", noise(2, 700))
                .bytes());
        for (int cut = 3; cut < whole.length; cut += 7) {
            Read read = read(Arrays.copyOf(whole, cut), 1000);
            int photos = read.images().size() - 1;

            assertThat(read.ids().subList(0, photos)).isIn(List.of(), List.of("a"), List.of("a", "b"));
            assertThat(read.rejected(photos).uri()).as("cut at %d", cut).isEqualTo(SHARD);
        }
    }

    @Test
    void theRowOfATruncatedShardNamesTheEntryAndTheByte() {
        byte[] whole = new Tars()
                .with("a.jpg", noise(1, 700))
                .with("b.jpg", noise(1, 700))
                .bytes();

        Read read = read(Arrays.copyOf(whole, 2100), 1000);

        assertThat(read.ids()).containsExactly("a", "000.tar");
        assertThat(read.rejected(1).detail()).contains("byte 2100", "entry b.jpg");
    }

    @Test
    void aDamagedHeaderInTheMiddleEndsTheShardWithOneRow() {
        byte[] whole = new Tars()
                .with("a.jpg", noise(1, 700))
                .with("b.jpg", noise(2, 700))
                .with("c.jpg", noise(3, 700))
                .bytes();
        Arrays.fill(whole, 1536 + 100, 1536 + 160, (byte) 0x55);

        Read read = read(whole, 1000);

        assertThat(read.ids()).containsExactly("a", "000.tar");
        assertThat(read.rejected(1).why()).isEqualTo(Status.TRUNCATED);
        assertThat(read.rejected(1).detail()).contains("after entry a.jpg");
    }

    @Test
    void aFileThatIsNotATarIsOneRow() {
        for (byte[] junk : List.of(
                Photos.png(1),
                "<?xml version=\"1.0\"?><Error/>".repeat(100).getBytes(StandardCharsets.UTF_8),
                noise(7, 100_000),
                Tars.gzip("no tar".getBytes(StandardCharsets.UTF_8)),
                new byte[] {0x1f, (byte) 0x8b, 0, 0, 0})) {
            Read read = read(junk, 1000);

            assertThat(read.ids()).containsExactly("000.tar");
            assertThat(read.rejected(0).why()).isEqualTo(Status.NOT_AN_IMAGE);
        }
    }

    @Test
    void anEmptyFileGivesOneRowAndATarWithoutEntriesNone() {
        assertThat(read(new byte[0], 1000).rejected(0).why()).isEqualTo(Status.EMPTY);
        assertThat(read(new Tars()).images()).isEmpty();
    }

    @Test
    void anEndlessLongNameDoesNotFillTheMemory() {
        byte[] header = new Tars()
                .withGnuLongNames()
                .with("x".repeat(200) + ".jpg", Photos.png(1))
                .bytes();
        byte[] length = "77777777777\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(length, 0, header, 124, length.length);
        refreshChecksum(header);
        InputStream endless = new SequenceInputStream(new ByteArrayInputStream(header), new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                return length;
            }
        });

        Read read = read(endless, 1000);

        assertThat(read.ids()).containsExactly("000.tar");
    }

    @Test
    void storageFailuresAreThrownAndNotTreatedAsDamage() {
        byte[] whole = new Tars().with("a.jpg", noise(1, 700)).bytes();
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(whole, 0, 900), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        });

        assertThatThrownBy(() -> read(failing, 1000))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("connection reset");
    }

    @Test
    void aSampleOfVeryManyPhotosIsReadInPartsWithoutLoss() {
        Tars tar = new Tars();
        byte[] photo = noise(5, 9 << 20);
        for (int i = 0; i < 10; i++) {
            tar.with("roll." + i + ".jpg", photo);
        }
        tar.with("roll.json", "{}");

        Read read = read(tar.bytes(), 10 << 20);

        assertThat(read.ids()).hasSize(10).startsWith("roll.0.jpg").endsWith("roll.9.jpg");
        assertThat(read.tally()).isEqualTo(new ShardTally(10, 0, 0, 0));
    }

    private static void refreshChecksum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += header[i] & 0xff;
        }
        byte[] octal = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, header, 148, octal.length);
    }

    private static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Read read(Tars tar) {
        return read(tar.bytes(), 1_000_000);
    }

    private static Read read(byte[] shard, long maxImageBytes) {
        return read(new ByteArrayInputStream(shard), maxImageBytes);
    }

    private static Read read(InputStream shard, long maxImageBytes) {
        try (WebDatasetReader reader = new WebDatasetReader(shard, SHARD, maxImageBytes)) {
            List<EncodedImage> images = new ArrayList<>();
            reader.forEachRemaining(images::add);
            return new Read(images, reader.tally());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Read read(byte[] shard, long maxImageBytes, Content content) {
        try (WebDatasetSamples samples =
                new WebDatasetSamples(new ByteArrayInputStream(shard), SHARD, maxImageBytes, content)) {
            List<EncodedImage> images = new ArrayList<>();
            samples.forEachRemaining(sample -> images.addAll(sample.rows()));
            return new Read(images, samples.tally());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
