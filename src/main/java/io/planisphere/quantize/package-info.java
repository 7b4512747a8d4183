/**
 * Networks with 8-bit weights and activations, and with 16-bit weights: an ONNX graph is tidied (batch norm and friends folded),
 * its activations are measured over photos, and Quantize/Dequantize pairs are put where ONNX Runtime turns them into integer
 * kernels. The graph work knows neither photos nor Spark; {@code spark.quantize} measures.
 */
@NullMarked
package io.planisphere.quantize;

import org.jspecify.annotations.NullMarked;
