package io.planisphere.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.crash.ObjectStore.Fault;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A step of the scenario that changes an output of three batches: the state before, the command line, and the rows after it.
 */
enum Phase {
    LABEL_REFERENCES {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            photos(bucket, PHOTOS);
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return locate(bucket, model, MANIFEST, "rows");
        }
    },

    LABEL_SHARDS {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            shards(bucket);
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return locate(bucket, model, "shards/*.tar", "rows");
        }
    },

    RETRY {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            LABEL_REFERENCES.complete(bucket, model);
            bucket.put(photo(bucket, 1), Photos.png(Color.GREEN, 1, 1));
            bucket.put(photo(bucket, 5), Photos.png(Color.BLUE, 1, 1));
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return with(LABEL_REFERENCES.line(bucket, model), "--retry", "missing");
        }
    },

    OPT_OUT {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            RETRY.complete(bucket, model);
            bucket.put("opt-out.txt", "ben\np0\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return with(LABEL_REFERENCES.line(bucket, model), "--opt-out", bucket.uri("opt-out.txt"));
        }
    },

    ALBUMS {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            photos(bucket, PHOTOS);
            end(bucket, line(bucket, model));
            photos(bucket, PHOTOS + 1); // one more photo in an album of the others, so that the whole album changes
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return with(LABEL_REFERENCES.line(bucket, model), "--album-window", "24h");
        }
    },

    PACK {
        @Override
        void prepare(JobBucket bucket, Path model) throws IOException {
            shards(bucket);
        }

        @Override
        List<String> line(JobBucket bucket, Path model) {
            return List.of(
                    "pack",
                    "--input",
                    bucket.uri("shards/*.tar"),
                    "--output",
                    bucket.uri(PACKED),
                    "--shards-per-batch",
                    "1",
                    "--shard-size",
                    "16K");
        }

        @Override
        String output() {
            return PACKED + "/_account";
        }

        @Override
        List<String> rows(JobBucket bucket) throws IOException {
            List<String> found = new ArrayList<>(bucket.rows(output(), "shard"));
            found.addAll(bucket.packedByRow(output(), PACKED));
            found.addAll(bucket.packed(PACKED));
            return found;
        }
    };

    static final int BATCHES = 3;

    private static final int PHOTOS = 6;
    private static final String MANIFEST = "photos.csv";
    private static final String PACKED = "packed";
    private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);
    private static final List<String> USERS = List.of("ann", "ben");

    /** Prepares the bucket for this phase. */
    abstract void prepare(JobBucket bucket, Path model) throws IOException;

    /** Returns the command line, which is also repeated after each crash. */
    abstract List<String> line(JobBucket bucket, Path model);

    /** Returns the folder of the rows. */
    String output() {
        return "rows";
    }

    /** Returns the whole content of the output. */
    List<String> rows(JobBucket bucket) throws IOException {
        return bucket.rows(output());
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Runs all phases up to and including this one, undisturbed. */
    void complete(JobBucket bucket, Path model) throws IOException {
        prepare(bucket, model);
        end(bucket, line(bucket, model));
    }

    private static void end(JobBucket bucket, List<String> line) throws IOException {
        assertThat(bucket.run(Fault.NONE, line)).as(bucket.messages()).isZero();
    }

    private static List<String> locate(JobBucket bucket, Path model, String input, String output) {
        return List.of(
                "locate",
                "--model",
                model.toString(),
                "--input",
                bucket.uri(input),
                "--output",
                bucket.uri(output),
                "--shards-per-batch",
                "1");
    }

    private static List<String> with(List<String> line, String... more) {
        List<String> all = new ArrayList<>(line);
        all.addAll(List.of(more));
        return all;
    }

    /** Writes photos of two users and their manifest; two of the photos are missing. */
    private static void photos(JobBucket bucket, int count) throws IOException {
        StringBuilder manifest = new StringBuilder("id,uri,user,taken\n");
        for (int i = 0; i < count; i++) {
            manifest.append(String.format(
                    Locale.ROOT, "p%d,%s,%s,2024-05-01 1%d:00:00%n", i, photo(bucket, i), USERS.get(i % 2), i));
            if (i != 1 && i != 5) {
                bucket.put(photo(bucket, i), Photos.png(COLOURS.get(i % 3), 1, 1));
            }
        }
        bucket.put(MANIFEST, manifest.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a name for which the plan assigns the photo to the intended file, so that there are three files. */
    private static String photo(JobBucket bucket, int number) {
        for (int salt = 0; ; salt++) {
            String key = "photos/p" + number + "-" + salt + ".png";
            if (bucket.partition(key, BATCHES) == number % BATCHES) {
                return key;
            }
        }
    }

    private static void shards(JobBucket bucket) throws IOException {
        for (int tar = 0; tar < BATCHES; tar++) {
            Tars photos = new Tars();
            for (int i = 0; i < 2; i++) {
                photos.with(tar + "-" + i + ".png", Photos.png(COLOURS.get((tar + i) % 3), 1, 1));
            }
            bucket.put("shards/" + tar + ".tar", photos.bytes());
        }
    }
}
