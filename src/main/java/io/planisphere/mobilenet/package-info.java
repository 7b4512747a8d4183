/**
 * The MobileNet family as data: layers, strides and channels from a width multiplier and a resolution. The same description
 * yields the cost table and, with weights, the ONNX graph. It may use cost and onnx, and does not depend on an inference engine.
 */
@NullMarked
package io.planisphere.mobilenet;

import org.jspecify.annotations.NullMarked;
