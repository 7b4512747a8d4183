package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Expected bytes are numpy's: {@code numpy.array(values, '<f2').tobytes().hex()}. */
class HalfFloatTest {
    @Test
    void floatsBecomeTheSameBytesAsInNumpy() {
        float[] values = {
            0,
            -0f,
            1,
            -2,
            0.1f,
            65504,
            0x1.ffdffep15f,
            65520,
            1e9f,
            6.1e-5f,
            5.96e-8f,
            2.98e-8f,
            1e-8f,
            0x1.004p0f,
            0x1.002p0f,
            -3.1415927f
        };

        assertThat(HexFormat.of().formatHex(HalfFloat.encode(values)))
                .isEqualTo("00000080003c00c0662eff7bff7b007c007cff03010000000000013c003c48c2");
    }

    @Test
    void everyHalfIsUnchangedByARoundTrip() {
        for (int half = 0; half < 0x10000; half++) {
            byte[] bytes = {(byte) half, (byte) (half >> 8)};
            float value = HalfFloat.decode(bytes)[0];
            if (!Float.isNaN(value)) {
                assertThat(HalfFloat.encode(new float[] {value})).isEqualTo(bytes);
            }
        }
    }

    @Test
    void nanStaysNan() {
        assertThat(HalfFloat.decode(HalfFloat.encode(new float[] {Float.NaN}))[0])
                .isNaN();
    }
}
