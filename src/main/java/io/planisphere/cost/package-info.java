/**
 * What networks cost: multiply-adds, parameters and memory, of any ONNX file or of a description that fills a sheet. It may
 * use onnx and its protobuf classes; it runs nothing.
 */
@NullMarked
package io.planisphere.cost;

import org.jspecify.annotations.NullMarked;
