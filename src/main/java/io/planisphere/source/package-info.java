/**
 * Where photos come from: WebDataset tars, manifests, YFCC100M lines, objects fetched by reference through Hadoop's file
 * systems. Iterators of encoded images; no Spark, no pixels.
 */
@NullMarked
package io.planisphere.source;

import org.jspecify.annotations.NullMarked;
