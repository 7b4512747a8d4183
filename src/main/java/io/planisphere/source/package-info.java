/**
 * Sources of photos: WebDataset tars, manifests, YFCC100M lines, objects fetched by reference through Hadoop's file systems. They
 * are iterators of encoded images and depend neither on Spark nor on pixels.
 */
@NullMarked
package io.planisphere.source;

import org.jspecify.annotations.NullMarked;
