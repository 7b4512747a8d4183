/**
 * Single files that are there whole or not at all, on any Hadoop file system, and local ones at no more than they must cost.
 */
@NullMarked
package io.planisphere.spark.file;

import org.jspecify.annotations.NullMarked;
