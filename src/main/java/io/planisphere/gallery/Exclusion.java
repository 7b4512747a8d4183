package io.planisphere.gallery;

import java.util.function.LongPredicate;

/**
 * Photos of a gallery that are not compared.
 *
 * @param list name of the list of their ids, such as its digest
 * @param holds whether the list has the id of this hash
 */
public record Exclusion(String list, LongPredicate holds) {
    /** No photo. */
    public static final Exclusion NONE = new Exclusion("", hash -> false);
}
