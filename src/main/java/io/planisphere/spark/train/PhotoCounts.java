package io.planisphere.spark.train;

/**
 * The numbers of photos in a training run.
 *
 * @param embeddings photos with an embedding; the sum of the following five
 * @param unknown photos without a place or label
 * @param excluded photos of excluded users
 * @param outside photos in no class of any head
 * @param training photos for training, including those of sparse classes
 * @param validation photos of the held-out set
 * @param trainingUsers known users of the photos for training
 * @param validationUsers known users of the held-out photos
 * @param withoutUser photos of both sets without a known user
 */
public record PhotoCounts(
        long embeddings,
        long unknown,
        long excluded,
        long outside,
        long training,
        long validation,
        long trainingUsers,
        long validationUsers,
        long withoutUser) {}
