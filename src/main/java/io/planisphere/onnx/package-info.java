/**
 * ONNX graphs as data: reading what a file declares and writing graphs of our own, over the protobuf classes of
 * tribuo-util-onnx. It runs nothing and knows neither images nor Spark.
 */
@NullMarked
package io.planisphere.onnx;

import org.jspecify.annotations.NullMarked;
