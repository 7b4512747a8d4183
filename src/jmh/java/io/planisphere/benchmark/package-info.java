/**
 * JMH benchmarks of single steps of the processing of a photo, each alone and warmed up. They generate their own photos unless
 * given a folder of real ones. The Maven profile {@code jmh} compiles and runs them; no test does.
 */
@NullMarked
package io.planisphere.benchmark;

import org.jspecify.annotations.NullMarked;
