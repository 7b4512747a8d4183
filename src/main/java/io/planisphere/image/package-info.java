/**
 * Converts the bytes of a photo to pixels for a network: header, limits, decoding, colour, orientation, resizing. The only
 * package that uses the native image library. It does not depend on models, engines, file systems or Spark.
 */
@NullMarked
package io.planisphere.image;

import org.jspecify.annotations.NullMarked;
