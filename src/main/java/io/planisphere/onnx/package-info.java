/**
 * ONNX graphs as data: reading the declarations of files, and writing graphs, with the protobuf classes of tribuo-util-onnx. This
 * package runs no networks and depends neither on images nor on Spark.
 */
@NullMarked
package io.planisphere.onnx;

import org.jspecify.annotations.NullMarked;
