package io.planisphere.spark.rows;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.AttributeValues;
import io.planisphere.vision.Box;
import io.planisphere.vision.Detector;
import io.planisphere.vision.Face;
import io.planisphere.vision.FaceNetworks;
import io.planisphere.vision.FaceRule;
import io.planisphere.vision.FaceScorer;
import io.planisphere.vision.PhotoFaces;
import io.planisphere.vision.SoftAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows of {@code faces}: the faces of each photo, highest score first; null unless the status is ok. A face has attributes and an
 * embedding only on request.
 *
 * @param packages packages for detection and for attributes
 * @param attributes requested names, in the package's order
 * @param minScore minimum score of the detector
 * @param minFace minimum length of a face's longer side, in pixels
 * @param scales number of scales of the detector
 * @param temperature temperature of the attributes' soft labels; null for faces without them
 */
public record FaceRows(
        Broadcast<FacePackages> packages,
        List<String> attributes,
        Identity identity,
        double minScore,
        double minFace,
        int scales,
        @Nullable Double temperature)
        implements JobRows {
    /** The field with all probabilities of each requested attribute, in half precision. */
    public static final String SOFT_LABELS = "soft_labels";

    private static final StructType COLUMNS = new StructType()
            .add("score", DataTypes.FloatType)
            .add("xmin", DataTypes.FloatType)
            .add("ymin", DataTypes.FloatType)
            .add("xmax", DataTypes.FloatType)
            .add("ymax", DataTypes.FloatType)
            .add("attributes", DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType))
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

    /** Default minimum length of a face's longer side, in pixels. */
    public static final int MIN_FACE = 20;

    /** Whether a face gets an embedding for recognition. */
    public enum Identity {
        LEFT_OUT,
        /** An embedding of length one, so that a dot product is the cosine similarity. */
        EMBEDDED
    }

    @Override
    public StructType schema() {
        StructType columns = temperature == null
                ? COLUMNS
                : COLUMNS.add(SOFT_LABELS, DataTypes.createMapType(DataTypes.StringType, DataTypes.BinaryType));
        return PHOTO_COLUMNS.add("faces", DataTypes.createArrayType(columns));
    }

    @Override
    public Optional<ModelPackage> network() {
        return Optional.of(model());
    }

    @Override
    public List<ModelPackage> networks() {
        ModelPackage detector = packages.value().detector();
        return attributes.isEmpty() && identity == Identity.LEFT_OUT ? List.of(detector) : List.of(detector, model());
    }

    private ModelPackage model() {
        return packages.value().describer();
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("detector", packages.value().detector().digest());
        settings.put("min-score", Double.toString(minScore));
        settings.put("min-face", Double.toString(minFace));
        if (scales > 1) {
            settings.put("scales", Integer.toString(scales));
        }
        settings.put("embedding", Boolean.toString(identity == Identity.EMBEDDED));
        if (!attributes.isEmpty()) {
            settings.put("attributes", String.join(",", attributes));
        }
        if (temperature != null) {
            settings.put("temperature", temperature.toString());
        }
        return settings;
    }

    @Override
    public PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment) {
        ModelPackage finding = packages.value().detector();
        AttributeValues values =
                new AttributeValues(model().attributes(), Set.copyOf(attributes), model().temperature());
        SoftAttributes soft = temperature == null ? null : new SoftAttributes(model(), values.heads(), temperature);
        List<String> outputs = new ArrayList<>(values.outputs());
        if (identity == Identity.EMBEDDED) {
            outputs.add(model().embedding().orElseThrow().output());
        }
        FaceNetworks networks = new FaceNetworks(
                new Detector(finding, minScore),
                finding,
                Session.shared(finding, equipment.processor()),
                model(),
                outputs.isEmpty() ? Optional.empty() : Optional.of(Session.shared(model(), equipment.processor())),
                outputs);
        FaceRule rule = new FaceRule(
                finding.labels().indexOf(FacePackages.FACE),
                scales,
                minFace,
                model().attributes().margin().orElse(1),
                packages.value().areAligned()
                        ? OptionalInt.of(model().preprocessing().crop().width())
                        : OptionalInt.empty());
        return PhotoRows.of(
                new FaceScorer(photos, networks, rule, limits, equipment.batchSize()),
                photo -> rowOf(photo, values, soft));
    }

    private Row rowOf(PhotoFaces photo, AttributeValues values, @Nullable SoftAttributes soft) {
        Object[] row = RowMaker.begin(photo.photo(), PHOTO_COLUMNS.size() + 1);
        if (photo.photo().status() == Status.OK) {
            row[PHOTO_COLUMNS.size()] = photo.faces().stream()
                    .map(face -> rowOf(face, values, soft))
                    .toArray(Row[]::new);
        }
        return RowFactory.create(row);
    }

    private Row rowOf(Face face, AttributeValues values, @Nullable SoftAttributes soft) {
        Box box = face.detection().box();
        float[][] outputs =
                face.outputs() == null ? new float[0][] : face.outputs().values();
        List<@Nullable Object> columns = new ArrayList<>(Arrays.asList(
                face.detection().score(),
                box.xmin(),
                box.ymin(),
                box.xmax(),
                box.ymax(),
                attributes.isEmpty() ? null : CollectionConverters.asScala(values.of(outputs)),
                embedding(outputs)));
        if (soft != null) {
            columns.add(face.outputs() == null ? null : CollectionConverters.asScala(soft.of(face.outputs())));
        }
        return RowFactory.create(columns.toArray());
    }

    private float @Nullable [] embedding(float[][] outputs) {
        return identity == Identity.EMBEDDED ? EmbedRows.unit(outputs[outputs.length - 1]) : null;
    }
}
