/**
 * Model packages: files, manifest, preprocessing rule, labels, cells and digest, checked against each other before anything runs.
 * It reads through Hadoop's file systems, and depends neither on the inference engine nor on Spark.
 */
@NullMarked
package io.planisphere.model;

import org.jspecify.annotations.NullMarked;
