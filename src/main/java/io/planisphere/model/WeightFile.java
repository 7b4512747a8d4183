package io.planisphere.model;

import java.io.Serializable;

/**
 * A file of a package that is not held in memory: weights that the network keeps outside its own file.
 *
 * @param name path in the package
 * @param bytes its size
 * @param sha256 its digest in lower-case hexadecimal
 */
record WeightFile(String name, long bytes, String sha256) implements Serializable {}
