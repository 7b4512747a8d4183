/**
 * The cost of networks: multiply-adds, parameters and memory, of any ONNX file or of an architecture that fills a sheet. It may
 * use onnx and its protobuf classes; it runs no networks.
 */
@NullMarked
package io.planisphere.cost;

import org.jspecify.annotations.NullMarked;
