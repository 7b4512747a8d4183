package io.planisphere.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.infer.Proof;
import io.planisphere.model.Decoding;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalBackboneTest {
    /** The backbone multiplies the mean colours by 2, 3 and 5, which are in a file of their own. */
    @Test
    void aHeadOnABackboneWithExternalDataHasTheDataInItsPackage(@TempDir Path folder) throws Exception {
        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        ModelProto.Builder model = ModelProto.parseFrom(TinyModels.bytes(files, "model.onnx")).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.getNodeBuilder(1).setName("means").setOutput(0, "means");
        graph.addNode(2, TinyModels.node("Mul", "embedding", "means", "gains"))
                .addInitializer(TensorProto.newBuilder()
                        .setName("gains")
                        .setDataType(1)
                        .addDims(3)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue("weights/gains.bin"))
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("length")
                                .setValue("12")));
        byte[] gains = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(2)
                .putFloat(3)
                .putFloat(5)
                .array();
        Map<String, byte[]> split =
                TinyModels.with(files, "model.onnx", model.build().toByteArray());
        split.put("weights/gains.bin", gains);
        split = TinyModels.with(
                split,
                "manifest.json",
                TinyModels.text(split, "manifest.json").replaceAll("\"golden\": \\[.*]", "\"golden\": []"));
        Configuration hadoop = new Configuration();
        ModelPackage backbone = ModelPackage.open(
                TinyModels.writeDirectory(folder.resolve("backbone"), TinyModels.listed(split))
                        .toString(),
                hadoop);
        SoftmaxHead head = new SoftmaxHead(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, new float[3]);

        ModelPackage trained = new PackageFolder(
                        new org.apache.hadoop.fs.Path(folder.resolve("trained").toString()), hadoop)
                .write(new TrainedPackage(
                        backbone,
                        "trained",
                        "MIT",
                        new Heads.Labels(head, List.of("r", "g", "b")),
                        OptionalDouble.empty(),
                        Decoding.NONE,
                        Optional.empty(),
                        new ObjectMapper().createObjectNode()));

        assertThat(folder.resolve("trained/weights/gains.bin")).hasBinaryContent(gains);
        assertThat(trained.weightFiles()).containsExactly("weights/gains.bin");
        assertThat(Proof.output(trained, "logits")).containsExactly(Proof.output(backbone, "embedding"));
    }
}
