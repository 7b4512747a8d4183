package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.AttributeHead;
import io.planisphere.model.AttributeHead.Kind;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Soft labels of a face, by attribute. A single number ({@link Kind#VALUE}) has no distribution and therefore no soft labels: a
 * student can use it as its target directly.
 */
public final class SoftAttributes {
    private final Map<String, SoftLabels> attributes = new LinkedHashMap<>();

    /**
     * @param heads heads of the requested outputs, in that order
     * @throws ModelPackageException if one of them does not support this temperature
     */
    public SoftAttributes(ModelPackage model, List<AttributeHead> heads, double temperature) {
        for (int i = 0; i < heads.size(); i++) {
            AttributeHead head = heads.get(i);
            if (head.kind() != Kind.VALUE) {
                attributes.put(
                        head.attribute(), new SoftLabels(model, i, head.output(), head.activation(), temperature));
            }
        }
    }

    /** Returns the vectors of one face in half precision, as encoded by {@link HalfFloat}. */
    public Map<String, byte[]> of(Inferred.Outputs face) {
        Map<String, byte[]> halves = new LinkedHashMap<>();
        attributes.forEach((name, soft) -> halves.put(name, HalfFloat.encode(soft.of(List.of(face)))));
        return halves;
    }
}
