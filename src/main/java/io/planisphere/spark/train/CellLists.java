package io.planisphere.spark.train;

import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.Partition;
import io.planisphere.source.GivenPath;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Partitions read from files, from coarse to fine.
 *
 * @param names names of the files without {@code .csv}, in the order of the hierarchy's partitions
 */
public record CellLists(List<String> names, Hierarchy hierarchy) {
    private static final String ENDING = ".csv";

    public CellLists {
        names = List.copyOf(names);
    }

    private record Named(String name, Partition partition) {}

    /**
     * Reads cell lists.
     *
     * @param uris files from coarse to fine; or one folder written by {@code cells}, whose list with the fewest cells is the
     *     coarsest
     * @throws IllegalArgumentException if a list is invalid, two have the same name, or a fine cell has no ancestor
     */
    public static CellLists read(List<String> uris, Configuration hadoop) throws IOException {
        List<Named> lists = new ArrayList<>();
        for (String uri : uris) {
            GivenPath given = GivenPath.of("--cells", uri, hadoop);
            FileSystem fs = given.fs();
            Path path = given.path();
            if (!given.exists()) {
                throw new IllegalArgumentException("Cannot read cells from " + uri + ": there is no such file");
            }
            if (!fs.getFileStatus(path).isDirectory()) {
                lists.add(list(fs, path));
            } else if (uris.size() == 1) {
                lists.addAll(folder(fs, path));
            } else {
                throw new IllegalArgumentException("Cannot read cells from " + uri
                        + " and others: it is a folder; give one folder, or files from coarse to fine");
            }
        }
        List<String> names = lists.stream().map(Named::name).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "Cell lists must have different names, got " + String.join(", ", names) + "; rename the files");
        }
        return new CellLists(
                names, new Hierarchy(lists.stream().map(Named::partition).toList()));
    }

    private static List<Named> folder(FileSystem fs, Path folder) throws IOException {
        FileStatus[] files = fs.listStatus(folder, path -> path.getName().endsWith(ENDING));
        if (files.length == 0) {
            throw new IllegalArgumentException("Cannot read cells from " + folder + ": it holds no .csv file");
        }
        Arrays.sort(files);
        List<Named> lists = new ArrayList<>();
        for (FileStatus file : files) {
            lists.add(list(fs, file.getPath()));
        }
        lists.sort(Comparator.comparing(list -> list.partition().cells().size()));
        return lists;
    }

    private static Named list(FileSystem fs, Path file) throws IOException {
        String name = file.getName().endsWith(ENDING)
                ? file.getName().substring(0, file.getName().length() - ENDING.length())
                : file.getName();
        try (Reader reader = new InputStreamReader(fs.open(file), StandardCharsets.UTF_8)) {
            return new Named(name, Partition.read(file.toString(), reader));
        }
    }
}
