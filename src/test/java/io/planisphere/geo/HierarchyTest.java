package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.geometry.S2CellId;
import java.util.List;
import org.junit.jupiter.api.Test;

class HierarchyTest {
    private static final LatLng PARIS = new LatLng(48.8566, 2.3522);
    private static final LatLng TOKYO = new LatLng(35.6762, 139.6503);

    @Test
    void theAncestorContainsTheCellEvenIfNotItsMeanPlace() {
        Partition coarse = partition(TOKYO, TOKYO.leaf().parent(4), PARIS.leaf().parent(4));
        Partition fine = partition(TOKYO, PARIS.leaf().parent(9), TOKYO.leaf().parent(7));

        Hierarchy hierarchy = new Hierarchy(List.of(coarse, fine));

        assertThat(hierarchy.finest()).isEqualTo(fine);
        assertThat(hierarchy.ancestor(0, 0)).isEqualTo(1);
        assertThat(hierarchy.ancestor(0, 1)).isZero();
        assertThat(hierarchy.ancestor(1, 1)).isEqualTo(1);
    }

    @Test
    void aCellThatWasNotSplitIsItsOwnAncestor() {
        Partition both = partition(PARIS, PARIS.leaf().parent(6));

        assertThat(new Hierarchy(List.of(both, both, both)).ancestor(1, 0)).isZero();
    }

    @Test
    void aCellOutsideTheCoarserPartitionIsRejected() {
        Partition coarse = partition(PARIS, PARIS.leaf().parent(8));
        Partition fine = partition(PARIS, PARIS.leaf().parent(5));

        assertThatThrownBy(() -> new Hierarchy(List.of(coarse, fine)))
                .hasMessageContaining("Cell " + PARIS.leaf().parent(5).toToken())
                .hasMessageContaining("lies in no cell of partition 0")
                .hasMessageContaining("build the partitions of one hierarchy together");
    }

    @Test
    void cellsWithNegativeIdsAreFound() {
        LatLng sydney = new LatLng(-33.8688, 151.2093); // face 5: its ids are negative as longs
        Partition coarse =
                partition(PARIS, PARIS.leaf().parent(3), sydney.leaf().parent(3));
        Partition fine = partition(PARIS, sydney.leaf().parent(12), PARIS.leaf().parent(12));

        Hierarchy hierarchy = new Hierarchy(List.of(coarse, fine));

        assertThat(hierarchy.ancestor(0, 0)).isEqualTo(1);
        assertThat(hierarchy.ancestor(0, 1)).isZero();
    }

    private static Partition partition(LatLng mean, S2CellId... ids) {
        return new Partition(java.util.stream.IntStream.range(0, ids.length)
                .mapToObj(label -> new Cell(label, ids[label], 1, mean))
                .toList());
    }
}
