package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.YuNetGraph;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The content of a package of YuNet, a detector of faces with five landmarks: as in OpenCV's {@code FaceDetectorYN}, photos are
 * tensors of blue, green and red from 0 to 255, and the photo is stretched to the network's input.
 *
 * @param network YuNet's ONNX file
 * @param name name of the package
 * @param licence terms of the weights
 * @param source where it comes from, for readers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record YuNetPackage(byte[] network, String name, String licence, String source) implements NewPackage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BILINEAR = 2;

    // the defaults of OpenCV's FaceDetectorYN.create
    private static final double MIN_SCORE = 0.9;
    private static final double IOU = 0.3;
    private static final int MOST = 5000;

    /** The landmarks in YuNet's order, as seen in the picture. */
    private static final List<String> POINTS = List.of("left_eye", "right_eye", "nose", "left_mouth", "right_mouth");

    @Override
    public Map<String, byte[]> files() {
        ObjectNode config = JSON.createObjectNode();
        config.putObject("id2label").put("0", "face");
        int side = YuNetGraph.side(OnnxModel.read("model.onnx", network));
        ObjectNode rule = JSON.createObjectNode().put("do_resize", true);
        rule.putObject("size").put("height", side).put("width", side);
        rule.put("resample", BILINEAR)
                .put("do_center_crop", false)
                .put("do_rescale", false)
                .put("do_normalize", false)
                .put("do_flip_channel_order", true);
        return Map.of(
                "model.onnx",
                YuNetGraph.joined(network),
                "anchors.csv",
                YuNetGraph.anchors(side).getBytes(StandardCharsets.UTF_8),
                "config.json",
                bytes(config),
                "preprocessor_config.json",
                bytes(rule));
    }

    @Override
    public List<String> outputs() {
        return List.of(YuNetGraph.BOXES, YuNetGraph.SCORES, YuNetGraph.LANDMARKS);
    }

    @Override
    public byte[] manifest(Map<String, String> sha256, ArrayNode goldens) {
        ObjectNode manifest = JSON.createObjectNode()
                .put("format", 1)
                .put("name", name)
                .put("version", "1")
                .put("task", "detect");
        manifest.putObject("input")
                .put(
                        "name",
                        OnnxModel.read("model.onnx", network).inputs().get(0).name())
                .put("layout", "NCHW");
        ObjectNode outputs = manifest.putObject("outputs");
        ObjectNode boxes = outputs.putObject("boxes")
                .put("name", YuNetGraph.BOXES)
                .put("coding", "anchors")
                .put("order", "xyxy")
                .put("anchors", "anchors.csv");
        boxes.putArray("scales").add(1).add(1).add(1).add(1);
        outputs.putObject("scores").put("name", YuNetGraph.SCORES).put("activation", "none");
        ArrayNode points =
                outputs.putObject("landmarks").put("name", YuNetGraph.LANDMARKS).putArray("points");
        POINTS.forEach(points::add);
        manifest.putObject("detection")
                .put("min_score", MIN_SCORE)
                .put("iou", IOU)
                .put("max_objects", MOST);
        ObjectNode files = manifest.putObject("files");
        sha256.forEach(files::put);
        manifest.put("licence", licence).put("source", source);
        manifest.set("golden", goldens);
        return bytes(manifest);
    }

    private static byte[] bytes(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
