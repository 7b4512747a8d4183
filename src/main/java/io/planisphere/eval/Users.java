package io.planisphere.eval;

import java.util.Arrays;

/** Renumbers users. */
final class Users {
    private Users() {}

    /** Returns the same users numbered from 0 without gaps, in the order of their old numbers. */
    static int[] numbered(int[] users) {
        int[] distinct = Arrays.stream(users).sorted().distinct().toArray();
        return Arrays.stream(users)
                .map(user -> Arrays.binarySearch(distinct, user))
                .toArray();
    }

    /** Returns the number of users, given numbers without gaps. */
    static int count(int[] numbered) {
        return Arrays.stream(numbered).max().orElse(-1) + 1;
    }
}
