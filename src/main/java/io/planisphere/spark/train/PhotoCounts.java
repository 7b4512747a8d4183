package io.planisphere.spark.train;

/**
 * How many photos there are, and what became of them.
 *
 * @param embeddings photos with an embedding; the others add up to it
 * @param unknown without a place or label
 * @param excluded of excluded users
 * @param outside in no class of any head
 * @param training fitted on, but for sparse classes
 * @param validation held out
 * @param trainingUsers who took those fitted on, as far as known
 * @param validationUsers who took those held out
 * @param withoutUser of both, photos whose user is not known
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
