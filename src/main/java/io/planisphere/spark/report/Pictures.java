package io.planisphere.spark.report;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Thumbnails;
import io.planisphere.report.ReportData.Example;
import io.planisphere.source.Access;
import io.planisphere.source.Content;
import io.planisphere.source.FetchLimits;
import io.planisphere.source.Fetcher;
import io.planisphere.source.OptOut;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.PlannedShards;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Makes thumbnails of examples on the executors. Photos that can no longer be read get a message instead of a thumbnail. The
 * total size of thumbnails and the number of opened shards are bounded.
 */
final class Pictures {
    /** Maximum number of photos to read. */
    static final int MOST = 120;

    static final int LONGEST_SIDE = 240;
    private static final int MOST_BYTES = 16 << 10;
    private static final int MOST_BYTES_OF_ALL = 1 << 20;
    private static final int MOST_SHARDS = 8;
    private static final int REFERENCES_PER_TASK = 15;

    private final ReportedRun run;
    private final Access access;

    /** @param access rules for fetching photos outside shards */
    Pictures(ReportedRun run, Access access) {
        this.run = run;
        this.access = access;
    }

    /**
     * The photos that one task reads.
     *
     * @param shard shard with these photos; null for photos outside shards
     */
    private record Wanted(@Nullable ShardSource shard, List<Reference> photos) implements Serializable {}

    /** A thumbnail, or the reason why there is none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Picture(String uri, byte @Nullable [] jpeg, String reason) implements Serializable {}

    /** Returns the examples, the first 120 of them with thumbnails. */
    List<Example> of(List<Example> examples) throws IOException {
        List<Reference> photos = examples.stream()
                .limit(MOST)
                .map(example -> new Reference(example.id(), example.uri()))
                .toList();
        Map<String, String> reasons = new HashMap<>();
        List<Wanted> wanted = run.record().input().equals("shards") ? shards(photos, reasons) : references(photos);
        Map<String, byte[]> jpegs = new LinkedHashMap<>();
        for (Picture picture : made(wanted)) {
            if (picture.jpeg() == null) {
                reasons.put(picture.uri(), picture.reason());
            } else {
                jpegs.put(picture.uri(), picture.jpeg());
            }
        }
        int bytes = 0;
        List<Example> shown = new ArrayList<>();
        for (Example example : examples) {
            byte[] jpeg = jpegs.get(example.uri());
            boolean fits = jpeg != null && bytes + jpeg.length <= MOST_BYTES_OF_ALL;
            bytes += fits && jpeg != null ? jpeg.length : 0;
            shown.add(
                    fits && jpeg != null
                            ? example.shownBy("data:image/jpeg;base64,"
                                    + Base64.getEncoder().encodeToString(jpeg))
                            : example.unread(reasons.getOrDefault(
                                    example.uri(), "No picture: the page holds a bounded number of them")));
        }
        return shown;
    }

    private List<Picture> made(List<Wanted> wanted) {
        JavaSparkContext context = new JavaSparkContext(run.spark().sparkContext());
        Broadcast<SerializableConfiguration> hadoop = context.broadcast(
                new SerializableConfiguration(run.spark().sessionState().newHadoopConf()));
        try {
            return wanted.isEmpty()
                    ? List.of()
                    : context.parallelize(wanted, wanted.size()).map(new Read(hadoop, access)).collect().stream()
                            .flatMap(List::stream)
                            .toList();
        } finally {
            hadoop.destroy();
        }
    }

    private static List<Wanted> references(List<Reference> photos) {
        List<Wanted> wanted = new ArrayList<>();
        for (int from = 0; from < photos.size(); from += REFERENCES_PER_TASK) {
            wanted.add(new Wanted(
                    null, new ArrayList<>(photos.subList(from, Math.min(photos.size(), from + REFERENCES_PER_TASK)))));
        }
        return wanted;
    }

    /** Returns the shards with most of the photos. */
    private List<Wanted> shards(List<Reference> photos, Map<String, String> reasons) throws IOException {
        Set<String> possible = photos.stream()
                .flatMap(photo -> PlannedShards.possibleUris(photo.uri()).stream())
                .collect(Collectors.toSet());
        Plan plan = Plan.read(run.spark(), run.directory().run());
        Map<String, ShardSource> known = photos.isEmpty() ? Map.of() : PlannedShards.at(possible, plan.chunks());
        Map<ShardSource, List<Reference>> byShard = new LinkedHashMap<>();
        for (Reference photo : photos) {
            Optional<ShardSource> shard = PlannedShards.possibleUris(photo.uri()).stream()
                    .filter(known::containsKey)
                    .map(known::get)
                    .findFirst();
            if (shard.isPresent()) {
                byShard.computeIfAbsent(shard.get(), any -> new ArrayList<>()).add(photo);
            } else {
                reasons.put(photo.uri(), "No picture: the run's plan does not name its shard");
            }
        }
        List<Wanted> wanted = byShard.entrySet().stream()
                .map(shard -> new Wanted(shard.getKey(), shard.getValue()))
                .sorted(Comparator.comparing((Wanted each) -> each.photos().size())
                        .reversed())
                .toList();
        wanted.stream()
                .skip(MOST_SHARDS)
                .flatMap(each -> each.photos().stream())
                .forEach(photo -> reasons.put(
                        photo.uri(),
                        String.format(
                                Locale.ROOT, "No picture: pictures are read from %d shards at most", MOST_SHARDS)));
        return wanted.stream().limit(MOST_SHARDS).toList();
    }

    private record Read(Broadcast<SerializableConfiguration> hadoop, Access access)
            implements Function<Wanted, List<Picture>> {
        @Override
        public List<Picture> call(Wanted wanted) {
            Map<String, Picture> pictures = new LinkedHashMap<>();
            wanted.photos()
                    .forEach(photo -> pictures.put(
                            photo.uri(), new Picture(photo.uri(), null, "Its shard no longer holds this photo")));
            Configuration configuration = hadoop.value().value();
            long maxBytes = ImageLimits.DEFAULT.maxBytes();
            try (Thumbnails thumbnails = new Thumbnails(LONGEST_SIDE, MOST_BYTES)) {
                if (wanted.shard() == null) {
                    try (Fetcher fetcher = new Fetcher(
                            configuration, FetchLimits.ofMaxImageBytes(maxBytes), access, Fetcher.Order.LISTED)) {
                        pictures(fetcher.fetch(wanted.photos().iterator()), pictures, thumbnails);
                    }
                } else {
                    try (ShardReader reader =
                            wanted.shard().open(maxBytes, Content.PHOTOS, OptOut.NONE, configuration)) {
                        pictures(reader, pictures, thumbnails);
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                // a storage failure must not prevent the page
                pictures.replaceAll((uri, picture) -> picture.jpeg() != null
                        ? picture
                        : new Picture(uri, null, Texts.shortened("It cannot be read: " + e.getMessage())));
            }
            return new ArrayList<>(pictures.values());
        }

        /** Reads until all requested photos are found, skipping others. */
        private static void pictures(
                Iterator<EncodedImage> photos, Map<String, Picture> pictures, Thumbnails thumbnails) {
            Set<String> left = new HashSet<>(pictures.keySet());
            while (!left.isEmpty() && photos.hasNext()) {
                EncodedImage photo = photos.next();
                if (left.remove(photo.uri())) {
                    pictures.put(photo.uri(), picture(photo, thumbnails));
                }
            }
        }

        private static Picture picture(EncodedImage photo, Thumbnails thumbnails) {
            if (photo instanceof EncodedImage.Rejected no) {
                return new Picture(photo.uri(), null, Texts.shortened("It cannot be read any more: " + no.detail()));
            }
            Optional<byte[]> jpeg = thumbnails.of(((EncodedImage.Ok) photo).bytes());
            return new Picture(photo.uri(), jpeg.orElse(null), "It cannot be decoded any more");
        }
    }
}
