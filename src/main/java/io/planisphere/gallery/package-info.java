/**
 * The gallery of a geolocator: the embeddings and places of its training photos, by cell, in one memory-mapped file, and the
 * search for a photo's nearest neighbours in it.
 *
 * <p>What belongs here: the file's format, its writer, the search, and the rule by which neighbours agree on a place. What does
 * not: how embeddings are made ({@code infer}), and which photos are in a gallery ({@code spark.train}).
 */
package io.planisphere.gallery;
