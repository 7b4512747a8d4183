package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.util.List;
import java.util.Map;

/**
 * The rows of one WebDataset sample, and the files beside its photos. A sample without a photo yields one rejected row; a sample
 * of videos yields none.
 *
 * @param key the path of its files up to the first dot of their base name
 * @param rows one row per photo
 * @param sidecars its other requested fields, by name
 */
public record Sample(String key, List<EncodedImage> rows, Map<String, byte[]> sidecars) {}
