package io.planisphere.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Sniffed;
import io.planisphere.image.Sniffer;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.Sample;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.source.WebDatasetSamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Verifies a shard: it can be read to its end, every key occurs once with its files next to each other, there are no incomplete
 * samples, and no photo is empty or truncated. Holds the shard's keys in memory.
 */
public final class ShardCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_FIELD = "json";

    private final ShardSource shard;
    private final Configuration hadoop;
    private final Consumer<String> problems;
    private final Sniffer sniffer = new Sniffer(new ImageLimits(Long.MAX_VALUE, Integer.MAX_VALUE - 8));
    private final Set<String> keys = new HashSet<>();
    private long photos;

    private ShardCheck(ShardSource shard, Configuration hadoop, Consumer<String> problems) {
        this.shard = shard;
        this.hadoop = hadoop;
        this.problems = problems;
    }

    /**
     * The result of verifying a shard.
     *
     * @param keys keys of its samples
     * @param problems problems, one line each, without the shard's name
     */
    public record Findings(long photos, Set<String> keys, List<String> problems) {}

    /** Reads the shard from end to end. */
    public static Findings of(ShardSource shard, Configuration hadoop) throws IOException {
        List<String> problems = new ArrayList<>();
        ShardCheck check = new ShardCheck(shard, hadoop, problems::add);
        if (shard.format() == ShardFormat.WEBDATASET) {
            check.samples();
        } else {
            check.records();
        }
        return new Findings(check.photos, check.keys, problems);
    }

    private void samples() throws IOException {
        List<String> withoutJson = new ArrayList<>();
        boolean json = false;
        String last = "";
        try (WebDatasetSamples samples = WebDatasetSamples.open(
                shard.uri(), Integer.MAX_VALUE, Content.PHOTOS_AND_SIDECARS, OptOut.NONE, hadoop)) {
            while (samples.hasNext()) {
                Sample sample = samples.next();
                if (isDamage(sample.rows().get(0))) {
                    continue;
                }
                // a sample of many megabytes is read in parts
                if (!sample.key().equals(last) && !keys.add(sample.key())) {
                    comesAgain(sample);
                }
                last = sample.key();
                sample.rows().forEach(this::photo);
                json |= sample.sidecars().containsKey(JSON_FIELD);
                if (!sample.sidecars().containsKey(JSON_FIELD)) {
                    withoutJson.add(sample.key());
                }
            }
        }
        if (json) {
            withoutJson.forEach(
                    key -> problems.accept("half sample: " + key + " has no .json, which other samples here have"));
        }
    }

    /** Reports repeated paths; a repeated path has a uri with a number. */
    private void comesAgain(Sample sample) {
        boolean samePath = sample.rows().stream().anyMatch(row -> row.uri().matches(".*@\\d+"));
        problems.accept(
                samePath
                        ? "duplicate key: " + sample.key() + " has the same file twice"
                        : "unsorted key: the files of " + sample.key() + " do not stand next to each other");
    }

    private void records() throws IOException {
        try (ShardReader reader = shard.open(Integer.MAX_VALUE, Content.PHOTOS_AND_SIDECARS, OptOut.NONE, hadoop)) {
            while (reader.hasNext()) {
                EncodedImage row = reader.next();
                if (isDamage(row)) {
                    continue;
                }
                if (!keys.add(key(row))) {
                    problems.accept("duplicate key: " + key(row));
                }
                photo(row);
            }
        }
    }

    /** Returns the key of a row. Shards written by this program have a key beside the id, which may repeat. */
    private static String key(EncodedImage row) throws IOException {
        if (row instanceof EncodedImage.Ok ok && !ok.metadata().isEmpty()) {
            JsonNode key = JSON.readTree(ok.metadata()).get("key");
            return key == null ? row.id() : key.asText();
        }
        return row.id();
    }

    private boolean isDamage(EncodedImage row) {
        boolean damage = row instanceof EncodedImage.Rejected && row.uri().equals(shard.uri());
        if (damage) {
            EncodedImage.Rejected no = (EncodedImage.Rejected) row;
            problems.accept("shard " + no.why().code() + ": " + no.detail());
        }
        return damage;
    }

    private void photo(EncodedImage row) {
        if (row instanceof EncodedImage.Rejected no) {
            String what = no.why() == Status.MISSING ? "half sample" : no.why().code();
            problems.accept(what + ": " + no.id() + ": " + no.detail());
            return;
        }
        photos++;
        Sniffed sniffed = sniffer.sniff(((EncodedImage.Ok) row).content());
        if (sniffed instanceof Sniffed.Rejected bad
                && (bad.why() == Status.EMPTY || bad.why() == Status.TRUNCATED || bad.why() == Status.NOT_AN_IMAGE)) {
            problems.accept("photo " + bad.why().code() + ": " + row.id() + ": " + bad.detail());
        }
    }
}
