/**
 * Photos shown to a network on executors without a run around it: what its activations are, and how far two networks agree. It knows
 * neither jobs nor rows.
 */
@NullMarked
package io.planisphere.spark.quantize;

import org.jspecify.annotations.NullMarked;
