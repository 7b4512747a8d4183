/** Atomic writes of single files and folders on any Hadoop file system, and fast local file systems. */
@NullMarked
package io.planisphere.spark.file;

import org.jspecify.annotations.NullMarked;
