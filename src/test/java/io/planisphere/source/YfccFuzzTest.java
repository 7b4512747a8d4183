package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes a line of metadata. The result must be a photo with an object key, or a reason. */
class YfccFuzzTest {
    static Stream<byte[]> seeds() {
        String line = YfccLineTest.LINE;
        String earlier = line.replaceFirst("41\t", "").replaceFirst("4e2f7a26a1dfbf165a7e30bdabf7e72a\t", "");
        return Stream.of(
                        line,
                        earlier,
                        line.replace("\t0", "\t1"),
                        line.replace("-81.804885", "NaN"),
                        line.replace("1331840483", "9999999999999999"),
                        line.replace("%", "%%"),
                        "\t".repeat(24),
                        "\t".repeat(22),
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aLineIsAPhotoOrMalformed(byte[] bytes) {
        YfccLine read = YfccLine.parse(new String(bytes, StandardCharsets.UTF_8));
        if (read instanceof YfccLine.Parsed parsed) {
            assertThat(parsed.photo().objectKey()).matches("[0-9a-f]{3}/[0-9a-f]{3}/[0-9a-f]{16,32}\\.jpg");
        } else {
            assertThat(((YfccLine.Malformed) read).detail())
                    .startsWith("The line ")
                    .hasSizeLessThan(500);
        }
    }
}
