package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.model.Activation;
import io.planisphere.model.AttributeHead;
import io.planisphere.model.AttributeHead.Kind;
import io.planisphere.model.FaceAttributes;
import io.planisphere.model.FaceAttributes.Alignment;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeValuesTest {
    private static final FaceAttributes ATTRIBUTES = new FaceAttributes(
            List.of(
                    head("age", Kind.EXPECTATION, Activation.SOFTMAX, List.of()),
                    head("gender", Kind.LABELS, Activation.NONE, List.of("male")),
                    head("celeba", Kind.LABELS, Activation.SIGMOID, List.of("Smiling", "Eyeglasses")),
                    head("pose", Kind.VALUE, Activation.NONE, List.of())),
            OptionalDouble.of(1),
            Alignment.NONE);

    private static AttributeHead head(String name, Kind kind, Activation activation, List<String> labels) {
        return new AttributeHead(name + "_out", name, kind, activation, labels, OptionalInt.empty());
    }

    @Test
    void attributesAreReadByTheirKind() {
        AttributeValues values = new AttributeValues(ATTRIBUTES, Set.of("age", "gender", "celeba", "pose"), 1);

        Map<String, Float> face =
                values.of(new float[][] {{0, 0, (float) Math.log(2)}, {0.25f}, {0, (float) Math.log(3)}, {-7.5f}, {1}});

        assertThat(values.outputs()).containsExactly("age_out", "gender_out", "celeba_out", "pose_out");
        assertThat(face.keySet()).containsExactly("age", "gender", "celeba.Smiling", "celeba.Eyeglasses", "pose");
        // probabilities 1/4, 1/4, 1/2
        assertThat(face.get("age")).isCloseTo(1.25f, within(1e-6f));
        assertThat(face.get("gender")).isEqualTo(0.25f);
        assertThat(face.get("celeba.Smiling")).isCloseTo(0.5f, within(1e-6f));
        assertThat(face.get("celeba.Eyeglasses")).isCloseTo(0.75f, within(1e-6f));
        assertThat(face.get("pose")).isEqualTo(-7.5f);
    }

    @Test
    void onlyRequestedAttributesAreReturned() {
        AttributeValues values = new AttributeValues(ATTRIBUTES, Set.of("celeba.Eyeglasses"), 1);

        assertThat(values.outputs()).containsExactly("celeba_out");
        assertThat(values.of(new float[][] {{0, 0}})).containsOnlyKeys("celeba.Eyeglasses");
        assertThat(new AttributeValues(ATTRIBUTES, Set.of(), 1).outputs()).isEmpty();
    }

    @Test
    void anUnknownNameIsRejectedWithTheKnownOnes() {
        assertThatThrownBy(() -> new AttributeValues(ATTRIBUTES, Set.of("mood"), 1))
                .hasMessage(
                        "Attributes [mood] are none of age, gender, celeba, celeba.Smiling, celeba.Eyeglasses, pose");
    }
}
