package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses real processes, some of which end as they would after a crash of native code. */
class DecodingTrialTest {
    private static final byte[] JPEG = jpeg();

    private static String harmful = "";

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException {
        harmful = HarmfulDecoder.classPath(HarmfulDecoder.in(folder));
    }

    @Test
    void brokenPhotosThatDoNotCrashPass() {
        try (DecodingTrial trial = new DecodingTrial(ImageLimits.DEFAULT)) {
            assertThat(trial.probe(JPEG)).isEmpty();
            assertThat(trial.probe(new byte[0])).isEmpty();
            assertThat(trial.probe("<html>".getBytes(StandardCharsets.UTF_8))).isEmpty();
            assertThat(trial.probe(Samples.form("grey.png"))).isEmpty();
            assertThat(trial.probe(new byte[1 << 20])).isEmpty();
        }
    }

    @Test
    void aPhotoThatCrashesItsProcessIsDistinguishedFromOthers() {
        List<EncodedImage> photos = List.of(
                new EncodedImage.Ok("a", "tar#a", JPEG),
                new EncodedImage.Ok("b", "tar#b", HarmfulDecoder.photo(JPEG, HarmfulDecoder.ABORT)),
                new EncodedImage.Rejected("c", "tar#c", Status.MISSING, "gone"),
                new EncodedImage.Ok("d", "tar#d", HarmfulDecoder.photo(JPEG, HarmfulDecoder.ABORT)),
                new EncodedImage.Ok("e", "tar#e", HarmfulDecoder.photo(JPEG, "a comment")));
        List<EncodedImage> out = new ArrayList<>();

        try (TriedPhotos tried = new TriedPhotos(
                photos.iterator(), new DecodingTrial(ImageLimits.DEFAULT, harmful, Duration.ofMinutes(1)))) {
            tried.forEachRemaining(out::add);
        }

        String harm = "Decoding it ends the process with signal 6";
        assertThat(out)
                .containsExactly(
                        photos.get(0),
                        new EncodedImage.Rejected("b", "tar#b", Status.UNDECODABLE, harm),
                        photos.get(2),
                        new EncodedImage.Rejected("d", "tar#d", Status.UNDECODABLE, harm),
                        photos.get(4));
    }

    @Test
    void aDecoderThatHangsIsKilled() {
        try (DecodingTrial trial = new DecodingTrial(ImageLimits.DEFAULT, harmful, Duration.ofSeconds(3))) {
            assertThat(trial.probe(HarmfulDecoder.photo(JPEG, HarmfulDecoder.HANG)))
                    .isEqualTo(Optional.of("Decoding it does not end within 3 s"));
            assertThat(trial.probe(JPEG)).isEmpty();
        }
    }

    @Test
    void closingTheTrialEndsItsProcess() throws Exception {
        Set<ProcessHandle> others = children();
        ProcessHandle mine;
        try (DecodingTrial trial = new DecodingTrial(ImageLimits.DEFAULT)) {
            assertThat(trial.probe(JPEG)).isEmpty();
            Set<ProcessHandle> now = children();
            now.removeAll(others);
            assertThat(now).hasSize(1);
            mine = now.iterator().next();
            assertThat(mine.isAlive()).isTrue();
        }

        assertThat(mine.onExit().get(1, TimeUnit.MINUTES).isAlive()).isFalse();
    }

    @Test
    void aProcessThatDoesNotStartIsNotBlamedOnAPhoto() {
        try (DecodingTrial trial = new DecodingTrial(ImageLimits.DEFAULT, "nowhere", Duration.ofSeconds(60))) {
            assertThatThrownBy(() -> trial.probe(JPEG))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(
                            "to decode photos on trial, ends the process with exit code 1 before it saw one");
        }
    }

    /** Containers often set such variables. */
    @Test
    void optionsForOtherJvmsInTheEnvironmentDoNotApply() throws Exception {
        ProcessBuilder process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        process.environment().put("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC");
        Process running = process.start();

        assertThat(new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Optional.empty");
        assertThat(running.waitFor()).isZero();
    }

    /** Prints how the process of a trial ended. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) {
            try (DecodingTrial trial = new DecodingTrial(ImageLimits.DEFAULT)) {
                System.out.print(trial.probe(JPEG));
            }
        }
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    private static byte[] jpeg() {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 3, Color.RED.getRGB());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
