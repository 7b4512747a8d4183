/**
 * The jobs as a user runs them, on real clusters and stores, and what becomes of them when parts of those die. Everything here
 * starts processes, listens on loopback only, and ends by its id whatever it started.
 */
@NullMarked
package io.planisphere.clusters;

import org.jspecify.annotations.NullMarked;
