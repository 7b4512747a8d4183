/**
 * The MobileNet family as data: layers, strides and channels from a width multiplier and a resolution. It may use onnx to
 * write a network; it knows no engine.
 */
@NullMarked
package io.planisphere.mobilenet;

import org.jspecify.annotations.NullMarked;
