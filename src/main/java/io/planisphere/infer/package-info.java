/**
 * One ONNX Runtime session per JVM and model digest, opened through DJL and shared by every task. The only package that
 * imports DJL; tensors in, tensors out.
 */
@NullMarked
package io.planisphere.infer;

import org.jspecify.annotations.NullMarked;
