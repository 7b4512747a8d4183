package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.util.List;
import java.util.Map;

/**
 * The rows of one WebDataset sample and what stands beside its photos. A sample without a photo gives one rejected row;
 * a sample of videos gives none.
 *
 * @param key the path of its files up to the first dot of their base name
 * @param rows one per photo
 * @param sidecars its other fields by name, as far as the reader was asked for them
 */
public record Sample(String key, List<EncodedImage> rows, Map<String, byte[]> sidecars) {}
