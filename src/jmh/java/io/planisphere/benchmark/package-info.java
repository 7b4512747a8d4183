/**
 * JMH benchmarks of single steps on a photo's path, each alone and warm. They make their own photos unless given a folder of
 * real ones. The Maven profile {@code jmh} compiles and runs them; no test does.
 */
@NullMarked
package io.planisphere.benchmark;

import org.jspecify.annotations.NullMarked;
