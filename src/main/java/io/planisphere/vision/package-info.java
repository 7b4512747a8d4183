/**
 * The tasks: scores of a network in, predictions out. It knows neither where a photo came from nor where a row goes.
 */
@NullMarked
package io.planisphere.vision;

import org.jspecify.annotations.NullMarked;
