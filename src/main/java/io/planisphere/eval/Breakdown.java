package io.planisphere.eval;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores by group of photos.
 *
 * @param by grouping column, such as {@code continent}
 * @param groups largest first; without intervals if a group has fewer than 20 users
 */
public record Breakdown(String by, List<Group> groups) {
    public Breakdown {
        groups = List.copyOf(groups);
    }

    public record Group(String name, GeoScore score) {}

    /**
     * Scores each group separately: users are drawn from those with photos in it.
     *
     * @param names names of the groups
     * @param group group of each photo, an index into {@code names}
     */
    public static Breakdown of(String by, List<String> names, int[] group, double[] errorsKm, int[] users) {
        int[][] members = members(names.size(), group);
        return new Breakdown(
                by,
                IntStream.range(0, names.size())
                        .filter(i -> members[i].length > 0)
                        .mapToObj(i -> new Group(
                                names.get(i),
                                GeoScore.ofGroup(Select.from(errorsKm, members[i]), Select.from(users, members[i]))))
                        .sorted(Comparator.<Group>comparingInt(
                                        each -> -each.score().n())
                                .thenComparing(Group::name))
                        .toList());
    }

    private static int[][] members(int groups, int[] group) {
        int[] sizes = new int[groups];
        for (int each : group) {
            sizes[each]++;
        }
        int[][] members = new int[groups][];
        for (int i = 0; i < groups; i++) {
            members[i] = new int[sizes[i]];
        }
        for (int photo = group.length - 1; photo >= 0; photo--) {
            members[group[photo]][--sizes[group[photo]]] = photo;
        }
        return members;
    }
}
