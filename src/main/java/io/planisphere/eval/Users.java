package io.planisphere.eval;

import java.util.Arrays;

/** Numbers that stand for users. */
final class Users {
    private Users() {}

    /** The same users, numbered from 0 without gaps, in the order of the numbers they had. */
    static int[] numbered(int[] users) {
        int[] distinct = Arrays.stream(users).sorted().distinct().toArray();
        return Arrays.stream(users)
                .map(user -> Arrays.binarySearch(distinct, user))
                .toArray();
    }

    /** How many there are, numbered without gaps. */
    static int count(int[] numbered) {
        return Arrays.stream(numbered).max().orElse(-1) + 1;
    }
}
