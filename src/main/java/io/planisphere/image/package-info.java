/**
 * From the bytes of a photo to normalised pixels: header, limits, decoding, colour, orientation, resizing. The only package
 * that knows the native image library. It knows nothing of models, engines, file systems or Spark.
 */
@NullMarked
package io.planisphere.image;

import org.jspecify.annotations.NullMarked;
