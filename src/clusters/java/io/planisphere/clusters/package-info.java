/**
 * Tests of jobs as users run them, on real clusters and stores, and of faults in those clusters and stores. The tests start
 * processes, listen on loopback only, and end every process that they start by its id.
 */
@NullMarked
package io.planisphere.clusters;

import org.jspecify.annotations.NullMarked;
