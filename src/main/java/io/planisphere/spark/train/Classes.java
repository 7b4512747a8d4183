package io.planisphere.spark.train;

import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The classes of the heads, before sparse classes are dropped. */
public sealed interface Classes extends Serializable {
    /** The value for no class. */
    int NONE = -1;

    /** Returns the number of classes of each head, from coarse to fine. */
    List<Integer> sizes();

    /**
     * Returns a function, for one task, that determines the class for each head of a row {@code key, user, latitude, longitude,
     * label}: {@link #NONE} if it has none; null if the row has no place or label.
     */
    Function<Row, int @Nullable []> open();

    /** Returns the cell list of a partition as CSV. */
    static String csv(Partition partition) {
        StringBuilder list = new StringBuilder();
        try {
            partition.write(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list.toString();
    }

    /** Cells of partitions, from coarse to fine; as CSV, which is serialisable. */
    record Cells(List<String> lists, List<Integer> sizes) implements Classes {
        public Cells {
            lists = List.copyOf(lists);
            sizes = List.copyOf(sizes);
        }

        /** Returns the cells of these partitions, from coarse to fine. */
        public static Cells of(List<Partition> partitions) {
            return new Cells(
                    partitions.stream().map(Classes::csv).toList(),
                    partitions.stream()
                            .map(partition -> partition.cells().size())
                            .toList());
        }

        @Override
        public Function<Row, int @Nullable []> open() {
            List<Partition> partitions = new ArrayList<>();
            try {
                for (String list : lists) {
                    partitions.add(Partition.read("cells", new StringReader(list)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return row -> {
                if (row.isNullAt(2) || row.isNullAt(3)) {
                    return null;
                }
                Optional<LatLng> place = LatLng.of(row.getDouble(2), row.getDouble(3));
                return place.map(there -> partitions.stream()
                                .mapToInt(partition -> partition.labelOf(there).orElse(NONE))
                                .toArray())
                        .orElse(null);
            };
        }
    }

    /** Labels, in the order of the classes. */
    record Labels(List<String> labels) implements Classes {
        public Labels {
            labels = List.copyOf(labels);
        }

        @Override
        public List<Integer> sizes() {
            return List.of(labels.size());
        }

        @Override
        public Function<Row, int @Nullable []> open() {
            Map<String, Integer> numbers = new HashMap<>();
            labels.forEach(label -> numbers.put(label, numbers.size()));
            return row -> row.isNullAt(4) ? null : new int[] {numbers.getOrDefault(row.getString(4), NONE)};
        }
    }
}
