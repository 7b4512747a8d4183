/**
 * The recipe of the built-in geolocator {@code builtin:earth}: windows of NASA's Blue Marble, a MobileNetV1 trained on them
 * from scratch, and the package that comes out. Compiled by the Maven profile {@code earth} alone, since it brings PyTorch; it
 * may use geo, mobilenet and onnx, and nothing of the product knows it.
 */
@NullMarked
package io.planisphere.earth;

import org.jspecify.annotations.NullMarked;
