package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardOptOutTest {
    private static final String ANNA = "{\"user\": \"anna\"}";

    private Path folder;

    @BeforeEach
    void into(@TempDir Path temporary) {
        folder = temporary;
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "shots/b", "shots/b.png", "anna"})
    void aPhotoIsOptedOutByItsKeyPathOrUser(String listed) throws IOException {
        Tars tar = new Tars().with("a.png", Photos.png(1)).with("a.json", "{\"user\": \"ben\"}");
        String name = listed.equals("b") ? "b" : "shots/b";
        tar.with(name + ".png", Photos.png(2)).with(name + ".json", ANNA).with("c.png", Photos.png(3));

        assertThat(read(tar, listed)).isEqualTo(Map.of("a", "ok", name, "opted_out", "c", "ok"));
    }

    @Test
    void theSidecarCanPrecedeOrFollowThePhoto() throws IOException {
        Tars tar = new Tars()
                .with("before.json", ANNA)
                .with("before.jpg", Photos.png(1))
                .with("after.jpg", Photos.png(2))
                .with("after.txt", "a caption")
                .with("after.meta.json", ANNA)
                .with("other.json", "{\"user\": \"ben\"}")
                .with("other.jpg", Photos.png(3));

        assertThat(read(tar, "anna")).isEqualTo(Map.of("before", "opted_out", "after", "opted_out", "other", "ok"));
    }

    @Test
    void aSinglePhotoOfASampleCanBeOptedOut() throws IOException {
        Tars tar = new Tars().with("a.left.jpg", Photos.png(1)).with("a.right.jpg", Photos.png(2));

        assertThat(read(tar, "a.left.jpg")).isEqualTo(Map.of("a.left.jpg", "opted_out", "a.right.jpg", "ok"));
        assertThat(read(tar, "a")).isEqualTo(Map.of("a.left.jpg", "opted_out", "a.right.jpg", "opted_out"));
    }

    @Test
    void brokenPhotosAreOptedOutToo() throws IOException {
        Tars tar = new Tars()
                .with("large.json", ANNA)
                .with("large.jpg", new byte[5000])
                .withHardLink("link.jpg", "large.jpg")
                .with("link.json", ANNA)
                .with("none.json", ANNA)
                .with("fine.jpg", Photos.png(1));

        assertThat(read(tar, "anna"))
                .isEqualTo(Map.of("large", "opted_out", "link", "opted_out", "none", "opted_out", "fine", "ok"));
    }

    @Test
    void aSampleTooLargeToBufferIsOptedOutByItsLateSidecar() throws IOException {
        byte[] photo = new byte[9 << 20];
        new Random(5).nextBytes(photo);
        Tars tar = new Tars();
        for (String roll : new String[] {"anna", "ben"}) {
            for (int i = 0; i < 9; i++) {
                tar.with(roll + "s." + i + ".jpg", photo);
            }
            tar.with(roll + "s.json", "{\"user\": \"" + roll + "\"}");
        }

        Map<String, String> rows = read(tar, "anna", 10 << 20);

        assertThat(rows).hasSize(18);
        assertThat(rows.entrySet())
                .allSatisfy(row ->
                        assertThat(row.getValue()).isEqualTo(row.getKey().startsWith("anna") ? "opted_out" : "ok"));
    }

    @Test
    void aTruncatedShardHasTheSameRowsWithAndWithoutAList() throws IOException {
        byte[] whole = new Tars()
                .with("a.json", ANNA)
                .with("a.png", Photos.png(1))
                .with("b.json", ANNA)
                .with("b.png", new byte[2000])
                .bytes();
        for (int length = 0; length < whole.length; length += 100) {
            Path shard = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, length));

            assertThat(read(shard, "anna", 1000).keySet())
                    .isEqualTo(read(shard, "nobody", 1000).keySet());
        }
    }

    private Map<String, String> read(Tars tar, String listed) throws IOException {
        return read(tar, listed, 1000);
    }

    private Map<String, String> read(Tars tar, String listed, long maxImageBytes) throws IOException {
        return read(Files.write(folder.resolve("shard.tar"), tar.bytes()), listed, maxImageBytes);
    }

    private Map<String, String> read(Path shard, String listed, long maxImageBytes) throws IOException {
        Path list = Files.writeString(folder.resolve("list.txt"), listed + "\n");
        Map<String, String> statuses = new LinkedHashMap<>();
        Configuration hadoop = new Configuration();
        for (Content content : new Content[] {Content.PHOTOS, Content.SIDECARS}) {
            Map<String, String> seen = new LinkedHashMap<>();
            try (WebDatasetSamples samples = WebDatasetSamples.open(
                    shard.toUri().toString(), maxImageBytes, content, OptOut.read(list.toString(), hadoop), hadoop)) {
                while (samples.hasNext()) {
                    for (EncodedImage row : samples.next().rows()) {
                        seen.put(row.id(), status(row));
                    }
                }
            }
            // which photos are opted out does not depend on what is read
            assertThat(statuses.isEmpty() ? seen : statuses).isEqualTo(seen);
            statuses = seen;
        }
        return statuses;
    }

    private static String status(EncodedImage row) {
        return row instanceof EncodedImage.Rejected no ? no.why().code() : Status.OK.code();
    }
}
