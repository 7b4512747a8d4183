package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.planisphere.image.EncodedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the bytes of a shard. The result must be rows with unique URIs, and at most one row that says where reading ended. */
class TarFuzzTest {
    private static final String SHARD = "file:/shards/0.tar";
    private static final long MAX_IMAGE_BYTES = 1 << 16;

    static Stream<byte[]> seeds() {
        byte[] plain = new Tars()
                .with("a/0001.jpg", Photos.png(1))
                .with("a/0001.json", "{\"user\": \"x\"}")
                .with("a/0002.left.png", Photos.png(2))
                .with("a/0002.right.png", Photos.png(3))
                .with("a/0003.mp4", "video")
                .with("a/0004.json", "{}")
                .bytes();
        byte[] gnu = new Tars()
                .withGnuLongNames()
                .with("long/".repeat(40) + "1.jpg", Photos.png(1))
                .withHardLink("2.jpg", "1.jpg")
                .withFolder("empty")
                .bytes();
        byte[] pax =
                new Tars().with("long/".repeat(40) + "1.jpg", Photos.png(1)).bytes();
        return Stream.of(
                new byte[0],
                plain,
                gnu,
                pax,
                Tars.gzip(plain),
                Arrays.copyOf(plain, 700),
                Arrays.copyOf(plain, plain.length - 1024),
                Arrays.copyOf(Tars.gzip(plain), 100),
                new byte[10_240]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void aShardGivesRowsAndNeverAnException(byte[] bytes) throws IOException {
        for (Content content : Content.values()) {
            Set<String> uris = new HashSet<>();
            long rows = 0;
            try (WebDatasetSamples samples =
                    new WebDatasetSamples(new ByteArrayInputStream(bytes), SHARD, MAX_IMAGE_BYTES, content)) {
                while (samples.hasNext()) {
                    for (EncodedImage image : samples.next().rows()) {
                        rows++;
                        assertThat(uris.add(image.uri())).as(image.uri()).isTrue();
                    }
                }
                assertThat(rows).isEqualTo(samples.tally().rows());
            }
        }
    }
}
