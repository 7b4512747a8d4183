package io.planisphere.model;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the bytes of a zipped package. The result must be files or a problem, and never more bytes than allowed. */
class ZipFuzzTest {
    private static final long MAX_BYTES = 1 << 16;

    static Stream<byte[]> seeds() {
        Map<String, byte[]> tiny = TinyModels.classify("red", "green");
        Map<String, byte[]> folder = new TreeMap<>();
        tiny.forEach((name, bytes) -> folder.put("tiny/" + name, bytes));
        byte[] plain = zip(tiny);
        return Stream.of(
                new byte[0],
                plain,
                zip(folder),
                zip(Map.of("../x", new byte[3])),
                zip(Map.of("bomb", new byte[(int) MAX_BYTES + 1])),
                Arrays.copyOf(plain, plain.length / 2),
                Arrays.copyOf(plain, 30));
    }

    private static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @MethodSource("seeds")
    @FuzzTest
    void aZipGivesFilesOrAProblem(byte[] bytes) throws IOException {
        try {
            PackageFiles.read(
                    "tiny.zip",
                    ZipFiles.read(new ByteArrayInputStream(bytes), MAX_BYTES),
                    MAX_BYTES,
                    new Configuration(false));
        } catch (PackageProblem e) {
            return; // the expected result for most inputs
        }
    }
}
