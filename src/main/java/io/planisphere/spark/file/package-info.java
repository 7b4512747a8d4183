/**
 * Single files that are there whole or not at all, on any Hadoop file system.
 */
@NullMarked
package io.planisphere.spark.file;

import org.jspecify.annotations.NullMarked;
