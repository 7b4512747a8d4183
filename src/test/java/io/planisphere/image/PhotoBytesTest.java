package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PhotoBytesTest {
    static List<String> forms() {
        return Samples.forms();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aTruncatedPhotoDoesNotReadBytesBehindIt(String name) {
        Sniffer sniffer = new Sniffer(ImageLimits.DEFAULT);
        byte[] whole = Samples.form(name);
        for (int length = 1; length < whole.length; length += 1 + whole.length / 300) {
            assertThat(sniffer.sniff(new PhotoBytes(whole, length, null)))
                    .isEqualTo(sniffer.sniff(Arrays.copyOf(whole, length)));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aPhotoInALongerArrayHasTheSamePixelsAsAlone(String name) {
        byte[] photo = Samples.form(name);
        byte[] other = Samples.form("progressive.jpg");
        byte[] array = Arrays.copyOf(photo, photo.length + other.length);
        System.arraycopy(other, 0, array, photo.length, other.length);
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT)) {
            int[] alone = values(decoder.decodeWhole(photo));
            assertThat(values(decoder.decodeWhole(new PhotoBytes(array, photo.length, null))))
                    .isEqualTo(alone);
        }
    }

    @Test
    void anArrayIsReusedOnlyAfterItsPhotoIsReleased() {
        PhotoBuffers buffers = new PhotoBuffers();
        byte[] first = buffers.lend(100);
        PhotoBytes photo = buffers.filled(first, 100);
        assertThat(buffers.lend(80)).isNotSameAs(first);

        photo.release();
        photo.release();

        assertThat(buffers.lend(80)).isSameAs(first);
        assertThat(buffers.lend(80)).isNotSameAs(first);
        assertThatThrownBy(photo::array)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("released");
    }

    @Test
    void arraysGrowToTheLargestPhotoWithoutMoreArrays() {
        PhotoBuffers buffers = new PhotoBuffers();
        for (int length = 1; length <= 10; length++) {
            buffers.filled(buffers.lend(length), length).release();
        }

        assertThat(buffers.lend(1)).hasSize(10);
        assertThat(buffers.lend(1)).hasSize(1);
    }

    @Test
    void theShortestSufficientArrayIsLent() {
        PhotoBuffers buffers = new PhotoBuffers();
        List<byte[]> lent = List.of(buffers.lend(300), buffers.lend(100), buffers.lend(200));
        lent.forEach(buffers::takeBack);

        assertThat(buffers.lend(150)).isSameAs(lent.get(2));
    }

    @Test
    void atMostEightMebibytesAreKeptForReuse() {
        PhotoBuffers buffers = new PhotoBuffers();
        List<byte[]> lent = List.of(buffers.lend(5 << 20), buffers.lend(3 << 20), buffers.lend(1));
        lent.forEach(buffers::takeBack);

        assertThat(buffers.lend(2)).isSameAs(lent.get(1));
        assertThat(buffers.lend(2)).isSameAs(lent.get(0));
        assertThat(buffers.lend(1)).isNotSameAs(lent.get(2));
    }

    @Test
    void aKeptPhotoRemainsValidAfterRelease() {
        PhotoBuffers buffers = new PhotoBuffers();
        byte[] array = buffers.lend(3);
        array[0] = 7;
        EncodedImage.Ok photo = new EncodedImage.Ok("a", "tar#a", buffers.filled(array, 2));
        EncodedImage.Ok kept = photo.kept();

        photo.content().release();
        buffers.lend(3)[0] = 8;
        kept.content().release();

        assertThat(kept.bytes()).containsExactly(7, 0);
    }

    private static int[] values(Decoded decoded) {
        return Samples.valuesOf(((Decoded.Ok) decoded).pixels());
    }
}
