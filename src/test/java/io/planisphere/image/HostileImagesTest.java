package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class HostileImagesTest {
    private static final Preprocessing RULE = new Preprocessing(
            new Resize.ShortestSide(20),
            new Size(16, 16),
            Resampling.BILINEAR,
            1,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            Layout.NCHW);
    private static final ByteBuffer TENSOR = Tensors.buffer(RULE);
    private static final Decoder DECODER = new Decoder(new ImageLimits(1_000_000, 1 << 20));
    private static final Preparer PREPARER = new Preparer(RULE);

    @AfterContainer
    static void close() {
        DECODER.close();
        PREPARER.close();
    }

    /** A byte that is changed: its position as a share of the image, and its new value. */
    record Damage(double place, byte value) {}

    @Provide
    Arbitrary<String> form() {
        return Arbitraries.of(Samples.forms());
    }

    @Provide
    Arbitrary<List<Damage>> damage() {
        // headers are at the front: damage is denser there
        Arbitrary<Double> place =
                Arbitraries.doubles().between(0, true, 1, false).map(p -> p * p);
        return Combinators.combine(place, Arbitraries.bytes())
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(tries = 3000)
    void damagedImagesGiveAStatusOrATensorWithoutExceptions(
            @ForAll("form") String name, @ForAll("damage") List<Damage> damage) {
        byte[] bytes = Samples.form(name);
        damage.forEach(d -> bytes[(int) (d.place() * bytes.length)] = d.value());
        if (DECODER.decode(bytes, RULE) instanceof Decoded.Ok ok) {
            PREPARER.prepare(ok.pixels(), TENSOR, 0);
        }
    }

    @Property(tries = 1000)
    void arbitraryBytesAreRejected(@ForAll byte[] bytes) {
        assertThat(DECODER.decode(bytes, RULE)).isInstanceOf(Decoded.Rejected.class);
    }
}
