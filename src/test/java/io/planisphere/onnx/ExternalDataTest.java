package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExternalDataTest {

    @Test
    void theSmallestSizeOfEachFileHoldsItsTensors() {
        byte[] network = network(GraphProto.newBuilder()
                .addInitializer(tensor("a", "location", "w.bin", "offset", "4096", "length", "100"))
                .addInitializer(tensor("b", "location", "w.bin", "length", "4000"))
                .addInitializer(TensorProto.newBuilder().setName("inside").addFloatData(1)));

        assertThat(ExternalData.files("model.onnx", network)).isEqualTo(Map.of("w.bin", 4196L));
    }

    @Test
    void tensorsInAttributesAndInnerGraphsAreFoundToo() {
        GraphProto body = GraphProto.newBuilder()
                .addInitializer(tensor("deep", "location", "deep.bin", "length", "8"))
                .build();
        byte[] network = network(GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder()
                        .addAttribute(AttributeProto.newBuilder().setG(body))
                        .addAttribute(AttributeProto.newBuilder().setT(tensor("c", "location", "c.bin")))));

        assertThat(ExternalData.files("model.onnx", network).keySet()).containsExactly("c.bin", "deep.bin");
    }

    @Test
    void locationsAreRelativeToThePackage() {
        byte[] network =
                network(GraphProto.newBuilder().addInitializer(tensor("a", "location", "w.bin", "length", "4")));

        assertThat(ExternalData.files("model.onnx", ExternalData.relativeToPackage("onnx/model.onnx", network))
                        .keySet())
                .containsExactly("onnx/w.bin");
        assertThat(ExternalData.relativeToPackage("model.onnx", network)).isSameAs(network);
    }

    @Test
    void malformedEntriesAreRejected() {
        for (String value : List.of("-1", "0x10", "99999999999999999999")) {
            byte[] network =
                    network(GraphProto.newBuilder().addInitializer(tensor("a", "location", "w", "offset", value)));
            assertThatThrownBy(() -> ExternalData.files("model.onnx", network))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("model.onnx gives the external data of a the offset " + value + "; export it again");
        }
        byte[] nowhere = network(GraphProto.newBuilder().addInitializer(tensor("a", "length", "4")));
        assertThatThrownBy(() -> ExternalData.files("model.onnx", nowhere))
                .hasMessage("model.onnx does not say where the external data of a is; export it again");
    }

    @Test
    void whatReadsOneFileRefusesWeightsInAnother() {
        byte[] network =
                network(GraphProto.newBuilder().addInitializer(tensor("a", "location", "w.bin", "length", "4")));

        assertThatThrownBy(() -> ExternalData.refuse("model.onnx", network))
                .hasMessage("model.onnx keeps its weights in another file (w.bin);"
                        + " save the model as one file, without external data");
    }

    private static TensorProto tensor(String name, String... entries) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (int i = 0; i < entries.length; i += 2) {
            tensor.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
        }
        return tensor.build();
    }

    private static byte[] network(GraphProto.Builder graph) {
        return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    }
}
