package io.planisphere.eval;

import io.planisphere.eval.PlacedPhotos.Grouping;
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

    /**
     * A group.
     *
     * @param coverage shares of photos within the radii of their rows
     */
    public record Group(String name, GeoScore score, RadiusCoverage coverage) {}

    /**
     * Scores each group separately: users are drawn from those with photos in it.
     *
     * @param grouping one of the groupings of {@code photos}
     */
    public static Breakdown of(PlacedPhotos photos, Grouping grouping) {
        List<String> names = grouping.names();
        int[][] members = members(names.size(), grouping.group());
        return new Breakdown(
                grouping.by(),
                IntStream.range(0, names.size())
                        .filter(i -> members[i].length > 0)
                        .mapToObj(i -> new Group(
                                names.get(i),
                                GeoScore.ofGroup(
                                        Select.from(photos.errorKm(), members[i]),
                                        Select.from(photos.user(), members[i])),
                                RadiusCoverage.of(photos, members[i])))
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
