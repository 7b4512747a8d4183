package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptOutTest {
    private Path folder;

    @BeforeEach
    void into(@TempDir Path temporary) {
        folder = temporary;
    }

    @Test
    void idsArePlainLinesExceptCommentsAndEmptyLines() throws IOException {
        OptOut list = read("\uFEFF# asked on Monday\n6985418911\n\n  43008843@N00 \r\nÜmit/1.jpg\n6985418911\n");

        assertThat(list.size()).isEqualTo(3);
        assertThat(list.holds("6985418911")).isTrue();
        assertThat(list.holds("43008843@N00")).isTrue();
        assertThat(list.holds("Ümit/1.jpg")).isTrue();
        assertThat(list.holds("# asked on Monday")).isFalse();
        assertThat(list.holds("")).isFalse();
        assertThat(list.holds(null)).isFalse();
        assertThat(list.holds("43008843@n00")).isFalse();
    }

    @Test
    void theDigestIsThatOfTheFile() throws IOException {
        OptOut list = read("abc\n");

        // echo abc | sha256sum
        assertThat(list.sha256Hex()).isEqualTo("edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb");
        assertThat(list.location()).endsWith("list.txt");
    }

    @Test
    void aSerializedLongListMatchesExactlyItsIds() throws Exception {
        OptOut list = read(IntStream.range(0, 50_000).mapToObj(i -> "user" + i).collect(Collectors.joining("\n")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(list);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            OptOut there = (OptOut) in.readObject();

            assertThat(there.size()).isEqualTo(50_000);
            assertThat(IntStream.range(0, 50_000)).allMatch(i -> there.holds("user" + i));
            assertThat(IntStream.range(50_000, 150_000)).noneMatch(i -> there.holds("user" + i));
            assertThat(bytes.size()).isLessThan(8 * 50_000 + 1000);
        }
    }

    @Test
    void aMissingEmptyOrBinaryListGivesOneClearMessage() throws IOException {
        assertThatThrownBy(() -> OptOut.read(folder + "/none.txt", new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessage("Cannot read the opt-out list " + folder + "/none.txt: there is no such file");
        assertThatThrownBy(() -> OptOut.read(folder.toString(), new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> read("# nobody yet\n\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds no id; write one photo or user id per line");
        Path packed = Files.write(folder.resolve("list.gz"), Tars.gzip("abc\n".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> OptOut.read(packed.toString(), new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("it is no UTF-8 text; unpack it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"user\": \"anna\"}                                      | true",
                "{\"width\": 3, \"Author\": \"anna\"}                      | true",
                "{\"exif\": {\"a\": [1, {}]}, \"uid\": \"anna\"}           | true",
                "{\"owner\": {\"nsid\": \"anna\", \"username\": \"x\"}}    | true",
                "{\"photographer\": [\"ben\", \"anna\"]}                   | true",
                "{\"uid\": 4711}                                           | true",
                "{\"photo_id\": \"4711\"}                                  | true",
                "{\"user\": \" anna \", \"broken\":                        | true",
                "{\"user\": \"ben\"}                                       | false",
                "{\"user\": null}                                          | false",
                "{\"title\": \"anna\"}                                     | false",
                "{\"owner\": {\"of\": {\"nsid\": \"anna\"}}}               | false",
                "[{\"user\": \"anna\"}]                                    | false",
                "{\"broken\": , \"user\": \"anna\"}                        | false",
                "no json                                                   | false",
            })
    void sidecarsNameUsersAndPhotosByTheirUsualKeys(String json, boolean named) throws IOException {
        OptOut list = read("anna\n4711\n");

        assertThat(SidecarIds.anyOf(json.getBytes(StandardCharsets.UTF_8), list::holds))
                .isEqualTo(named);
    }

    private OptOut read(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), lines);
        return OptOut.read(file.toString(), new Configuration());
    }
}
