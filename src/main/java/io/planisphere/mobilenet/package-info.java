/**
 * The MobileNet family as data: layers, strides and channels from a width multiplier and a resolution. One description makes
 * the cost table and, with weights, the ONNX graph. It may use cost and onnx; it knows no engine.
 */
@NullMarked
package io.planisphere.mobilenet;

import org.jspecify.annotations.NullMarked;
