package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExifPlaceTest {
    @Test
    void degreesMinutesSecondsAndHemispheresGiveASignedPlace() {
        ExifPlace place = ExifPlace.of(jpegAt("S", new int[] {33, 51, 24}, "W", new int[] {151, 12, 54}))
                .orElseThrow();
        assertThat(place.latitude()).isCloseTo(-33.856667, within(1e-6));
        assertThat(place.longitude()).isCloseTo(-151.215, within(1e-6));
    }

    @Test
    void impossibleAndZeroPlacesAreIgnored() {
        assertThat(ExifPlace.of(jpegAt("N", new int[] {91, 0, 0}, "E", new int[] {10, 0, 0})))
                .isEmpty();
        assertThat(ExifPlace.of(jpegAt("N", new int[] {0, 0, 0}, "E", new int[] {0, 0, 0})))
                .isEmpty();
    }

    @Test
    void photosWithoutMetadataAndInvalidPhotosHaveNoPlace() {
        assertThat(ExifPlace.of(Samples.form("rgb_444.jpg"))).isEmpty();
        assertThat(ExifPlace.of(Samples.form("orientation6.jpg"))).isEmpty();
        assertThat(ExifPlace.of(new byte[0])).isEmpty();
        assertThat(ExifPlace.of("<?xml".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }

    /** Found by PhotoFuzzTest: a HEIF box that is shorter than its own header. */
    @Test
    void metadataThatMakesTheLibraryFailGivesNoPlace() {
        byte[] heic = Samples.bytes(Path.of(
                "src/test/resources/io/planisphere/image/PhotoFuzzTestInputs",
                "aPhotoIsRejectedWithAReasonOrDecodedAtItsSize/heic-box-of-no-length"));
        assertThat(ExifPlace.of(heic)).isEmpty();
    }

    @Test
    void thePlaceOfAPngIsReadWithoutInflatingItsComments() {
        byte[] exif = gps("N", new int[] {48, 30, 0}, "E", new int[] {9, 15, 0});
        byte[] png = BrokenImages.withExif("png with a zip bomb in a comment", exif);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        ExifPlace.of(png); // loads the classes
        long before = threads.getThreadAllocatedBytes(self);

        ExifPlace place = ExifPlace.of(png).orElseThrow();

        assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(2_000_000);
        assertThat(place).isEqualTo(new ExifPlace(48.5, 9.25));
    }

    /** Returns a JPEG whose EXIF is a single GPS directory, built by hand according to Exif 2.32, section 4.6.6. */
    private static byte[] jpegAt(String northSouth, int[] latitude, String eastWest, int[] longitude) {
        byte[] jpeg = Samples.form("no_jfif.jpg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (2 + 6 + 160)});
        out.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(gps(northSouth, latitude, eastWest, longitude));
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static byte[] gps(String northSouth, int[] latitude, String eastWest, int[] longitude) {
        ByteBuffer tiff = ByteBuffer.allocate(160);
        tiff.put(new byte[] {'M', 'M', 0, 42}).putInt(8);
        tiff.putShort((short) 1)
                .putShort((short) 0x8825)
                .putShort((short) 4)
                .putInt(1)
                .putInt(26)
                .putInt(0);
        tiff.putShort((short) 4);
        tiff.putShort((short) 1)
                .putShort((short) 2)
                .putInt(2)
                .put((byte) northSouth.charAt(0))
                .put(new byte[3]);
        tiff.putShort((short) 2).putShort((short) 5).putInt(3).putInt(80);
        tiff.putShort((short) 3)
                .putShort((short) 2)
                .putInt(2)
                .put((byte) eastWest.charAt(0))
                .put(new byte[3]);
        tiff.putShort((short) 4).putShort((short) 5).putInt(3).putInt(104);
        tiff.putInt(0);
        Arrays.stream(latitude).forEach(v -> tiff.putInt(v).putInt(1));
        Arrays.stream(longitude).forEach(v -> tiff.putInt(v).putInt(1));
        return tiff.array();
    }
}
