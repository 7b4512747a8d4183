/**
 * The prediction tasks: scores of a network in, predictions out. This package does not depend on the sources of photos or on
 * outputs.
 */
@NullMarked
package io.planisphere.vision;

import org.jspecify.annotations.NullMarked;
