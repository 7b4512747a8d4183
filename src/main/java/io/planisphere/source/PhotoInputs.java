package io.planisphere.source;

import io.planisphere.source.PhotoInput.Folder;
import io.planisphere.source.PhotoInput.Manifest;
import io.planisphere.source.PhotoInput.Shards;
import io.planisphere.source.PhotoInput.Table;
import io.planisphere.source.PhotoInput.Yfcc100m;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Determines the format of each {@code --input}. Throws an {@link InputException} for invalid inputs.
 *
 * @param images value of {@code --images}: where the photos of {@code yfcc100m} inputs are
 * @param photoColumn value of {@code --photo-column}: the column of {@code parquet} inputs that holds the photos
 */
public record PhotoInputs(
        Configuration hadoop, InputFormat format, Optional<String> images, Optional<String> photoColumn) {
    private static final String YFCC_PREFIX = "yfcc100m:";
    private static final Pattern MANIFEST = Pattern.compile("(?i).*\\.((csv|tsv)(\\.gz|\\.bz2)?|parquet)");
    // files written by Hadoop's own jobs have no extension
    private static final String ANY_GLOB = "[^_.]*";
    // Entries to inspect, so that a folder of a hundred million photos is classified quickly.
    private static final int PROBED_ENTRIES = 10_000;

    public List<PhotoInput> of(List<String> inputs) throws IOException {
        if (inputs.isEmpty()) {
            throw new InputException(
                    "There is no input; give --input with shards, a manifest, a folder or yfcc100m:FILE");
        }
        List<PhotoInput> found = new ArrayList<>();
        for (String input : inputs) {
            found.add(of(input));
        }
        if (images.isPresent() && found.stream().noneMatch(Yfcc100m.class::isInstance)) {
            throw new InputException("--images " + images.get() + " has no use without a yfcc100m input; give "
                    + "--input yfcc100m:FILE or leave it out");
        }
        return List.copyOf(found);
    }

    private PhotoInput of(String input) throws IOException {
        if (input.startsWith(Table.PREFIX)) {
            if (format != InputFormat.AUTO) {
                throw new InputException("Input " + input + " is a table, which has no --format " + format.code()
                        + "; leave one of them out");
            }
            return new Table(input, input.substring(Table.PREFIX.length()), photoColumn);
        }
        boolean yfcc = input.startsWith(YFCC_PREFIX);
        if (yfcc && format != InputFormat.AUTO && format != InputFormat.YFCC100M) {
            throw new InputException(
                    "Input " + input + " contradicts --format " + format.code() + "; leave one of them out");
        }
        String path = yfcc ? input.substring(YFCC_PREFIX.length()) : input;
        GivenPath given = GivenPath.of("Input", path, hadoop);
        List<FileStatus> found = given.found();
        if (found.isEmpty()) {
            throw new InputException("Input " + path + " does not exist; check the path");
        }
        return switch (yfcc ? InputFormat.YFCC100M : format) {
            case YFCC100M -> yfcc(input, found);
            case WEBDATASET -> shards(input, found, ShardFormat.WEBDATASET);
            case IMAGESEQUENCE -> shards(input, found, ShardFormat.IMAGESEQUENCE);
            case PARQUET -> shards(input, found, ShardFormat.PARQUET);
            case MANIFEST -> new Manifest(input, paths(found));
            case FOLDER -> new Folder(input, paths(found));
            case AUTO -> guess(input, found);
        };
    }

    private PhotoInput guess(String input, List<FileStatus> found) throws IOException {
        if (found.size() == 1 && found.get(0).isDirectory()) {
            FileStatus folder = found.get(0);
            return MANIFEST.matcher(folder.getPath().getName()).matches() // such as a folder x.parquet written by Spark
                    ? table(input, found)
                    : guessFolder(input, folder);
        }
        if (all(found, ShardFormat.WEBDATASET::names)) {
            return shards(input, found, ShardFormat.WEBDATASET);
        }
        if (all(found, ShardFormat.IMAGESEQUENCE::names)) {
            return shards(input, found, ShardFormat.IMAGESEQUENCE);
        }
        if (all(found, name -> MANIFEST.matcher(name).matches())) {
            return table(input, found);
        }
        if (found.stream().allMatch(f -> f.isDirectory() || isPhoto(f))) {
            return new Folder(input, paths(found));
        }
        throw new InputException(
                "Cannot tell what input " + input + " is: " + found.get(0).getPath()
                        + " is neither a tar, a SequenceFile (.seq), a CSV, TSV or Parquet file, nor a photo; give "
                        + "--format, or yfcc100m:FILE for YFCC100M metadata");
    }

    private ParquetInputs parquet() {
        return new ParquetInputs(hadoop, photoColumn);
    }

    /** Returns an input of Parquet files with photos, or of a manifest. */
    private PhotoInput table(String input, List<FileStatus> found) throws IOException {
        boolean parquetOnly = found.stream()
                .allMatch(f -> ShardFormat.PARQUET.names(f.getPath().getName()) || f.isDirectory());
        return parquetOnly && parquet().photoColumn(input, found).isPresent()
                ? shards(input, found, ShardFormat.PARQUET)
                : new Manifest(input, paths(found));
    }

    private PhotoInput guessFolder(String input, FileStatus folder) throws IOException {
        Set<ShardFormat> shards = EnumSet.noneOf(ShardFormat.class);
        boolean manifests = false;
        boolean photos = false;
        boolean folders = false;
        RemoteIterator<FileStatus> entries =
                folder.getPath().getFileSystem(hadoop).listStatusIterator(folder.getPath());
        for (int i = 0; i < PROBED_ENTRIES && entries.hasNext(); i++) {
            FileStatus entry = entries.next();
            String name = entry.getPath().getName();
            folders |= entry.isDirectory() && !name.startsWith(".") && !name.startsWith("_");
            for (ShardFormat format : List.of(ShardFormat.WEBDATASET, ShardFormat.IMAGESEQUENCE)) {
                if (entry.isFile() && format.names(name)) {
                    shards.add(format);
                }
            }
            manifests |= entry.isFile() && MANIFEST.matcher(name).matches();
            photos |= isPhoto(entry);
        }
        if (shards.size() + (photos ? 1 : 0) > 1) {
            throw new InputException("Input " + input + " holds "
                    + (shards.contains(ShardFormat.WEBDATASET) ? "tars" : "SequenceFiles") + " and "
                    + (photos
                            ? "photos; say which with --format "
                                    + shards.iterator().next().code() + " or --format folder"
                            : "SequenceFiles; say which with --format webdataset or --format imagesequence"));
        }
        if (!shards.isEmpty()) {
            return shards(input, List.of(folder), shards.iterator().next());
        }
        if (photos || folders) {
            return new Folder(input, List.of(folder.getPath().toString()));
        }
        if (manifests) {
            return table(input, List.of(folder));
        }
        throw new InputException(
                "Input " + input + " holds neither shards, photos, folders nor a manifest; check the path");
    }

    private Shards shards(String input, List<FileStatus> found, ShardFormat format) throws IOException {
        String glob = shardGlob(input, found, format);
        // avoids listing a hundred thousand shards again
        List<FileStatus> files = found.stream().allMatch(FileStatus::isFile)
                ? found
                : GivenPath.of("Input", glob, hadoop).found();
        String column = "";
        if (format == ShardFormat.PARQUET) {
            column = parquet().certainColumn(input, files);
        } else if (format == ShardFormat.IMAGESEQUENCE && !files.isEmpty()) {
            SequenceReader.check(files.get(0).getPath().toString(), hadoop);
        }
        return new Shards(input, glob, format, column);
    }

    private String shardGlob(String input, List<FileStatus> found, ShardFormat format) throws IOException {
        if (found.stream().allMatch(FileStatus::isFile)) {
            return GivenPath.of("Input", input, hadoop).glob();
        }
        if (found.size() > 1) {
            throw new InputException("Input " + input + " matches folders; give a glob that matches "
                    + (format == ShardFormat.WEBDATASET ? "tars, such as " + input + "/*.tar" : "files"));
        }
        Path folder = found.get(0).getPath();
        for (String names : format == ShardFormat.IMAGESEQUENCE
                ? List.of(format.folderGlob(), ANY_GLOB)
                : List.of(format.folderGlob())) {
            String glob = Globs.literal(folder) + "/" + names;
            if (!GivenPath.of("Input", glob, hadoop).found().isEmpty()) {
                return glob;
            }
        }
        throw new InputException("Input " + input + " holds no " + format.extensions() + "; give a glob such as "
                + input + "/*/*" + format.extensions().replaceAll(",.*", "") + " if they stand deeper");
    }

    private Yfcc100m yfcc(String input, List<FileStatus> found) throws IOException {
        String base = images.orElseThrow(() -> new InputException("Input " + input + " names photos by their hash; "
                + "give --images with the folder they stand in, such as s3a://multimedia-commons/data/images"));
        GivenPath.of("--images", base, hadoop);
        return new Yfcc100m(input, paths(found), base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
    }

    private static boolean all(List<FileStatus> found, Predicate<String> name) {
        return found.stream().allMatch(f -> f.isFile() && name.test(f.getPath().getName()));
    }

    private static boolean isPhoto(FileStatus file) {
        return file.isFile() && MediaType.of(file.getPath().getName()) == MediaType.PHOTO;
    }

    private static List<String> paths(List<FileStatus> found) {
        return found.stream().map(f -> f.getPath().toString()).toList();
    }
}
