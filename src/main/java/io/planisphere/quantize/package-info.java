/**
 * Quantisation to 8-bit weights and activations, or to 16-bit weights: an ONNX graph is simplified (for example by folding batch
 * norm), its activations are measured over photos, and Quantize/Dequantize pairs are inserted where ONNX Runtime fuses them into
 * integer kernels. This package depends neither on photos nor on Spark; {@code spark.quantize} does the measurements.
 */
@NullMarked
package io.planisphere.quantize;

import org.jspecify.annotations.NullMarked;
