package io.planisphere.vision;

import io.planisphere.image.Status;
import org.jspecify.annotations.Nullable;

/**
 * What became of one photo on its way through decoder and network.
 *
 * @param detail one line that explains a status other than ok; null for ok
 * @param width of the upright photo in pixels, 0 where unknown
 * @param height likewise
 * @param scores one row of the network's scores output, before any activation; null unless the status is ok
 */
@SuppressWarnings("ArrayRecordComponent") // scores are read once, never compared
public record Scored(
        String id,
        String uri,
        Status status,
        @Nullable String detail,
        int width,
        int height,
        float @Nullable [] scores) {}
