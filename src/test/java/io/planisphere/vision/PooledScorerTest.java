package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Crop;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.source.WebDatasetReader;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the decode pool with a session on the CPU: it must not affect the predictions. */
class PooledScorerTest {
    private ModelPackage model;
    private Session session;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        model = ModelPackage.open(
                TinyModels.writeDirectory(folder, TinyModels.classify("red", "green", "blue"))
                        .toString(),
                new Configuration());
        session = Session.open(model, 1);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "4,3,1", "64,3,1", "7,2,5", "3,4,10"})
    void predictionsEqualThoseOfATaskThatDecodesItself(int batchSize, int decoders, int crops) {
        List<EncodedImage> photos = photos(150);
        InferenceSpec spec = new InferenceSpec(List.of("logits"), Crop.first(crops));
        List<String> expected;
        try (Scorer scorer = new Scorer(photos.iterator(), session, model, spec, ImageLimits.DEFAULT, batchSize)) {
            expected = scored(scorer);
        }

        try (PooledScorer scorer =
                new PooledScorer(photos.iterator(), session, model, spec, ImageLimits.DEFAULT, batchSize, decoders)) {
            assertThat(scored(scorer)).hasSize(150).isEqualTo(expected);
            assertThat(scorer.times().decode()).isPositive();
            assertThat(scorer.times().infer()).isPositive();
        }
    }

    @Test
    void photosInReusedArraysGiveTheSamePredictions() throws IOException {
        List<EncodedImage> held = new ArrayList<>();
        Tars tar = new Tars();
        for (EncodedImage photo : photos(150)) {
            if (photo instanceof EncodedImage.Ok ok) {
                held.add(new EncodedImage.Ok(ok.id(), "file:/a.tar#" + ok.id() + ".png", ok.bytes()));
                tar.with(ok.id() + ".png", ok.bytes());
            }
        }
        InferenceSpec spec = InferenceSpec.at("logits");
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> expected;
        try (Scorer scorer = new Scorer(held.iterator(), session, model, spec, ImageLimits.DEFAULT, 4)) {
            expected = scored(scorer);
        }

        try (WebDatasetReader reader = read(tar);
                Scorer scorer = new Scorer(seen(reader, arrays), session, model, spec, ImageLimits.DEFAULT, 4)) {
            assertThat(scored(scorer)).isEqualTo(expected);
        }
        // one array that grows: at most one instance per length
        long lengths = held.stream()
                .map(photo -> ((EncodedImage.Ok) photo).content().length())
                .distinct()
                .count();
        assertThat(arrays).hasSizeLessThanOrEqualTo((int) lengths).hasSizeLessThan(held.size() / 3);

        arrays.clear();
        try (WebDatasetReader reader = read(tar);
                PooledScorer scorer =
                        new PooledScorer(seen(reader, arrays), session, model, spec, ImageLimits.DEFAULT, 4, 3)) {
            assertThat(scored(scorer)).isEqualTo(expected);
        }
        assertThat(arrays).hasSizeLessThan(held.size());
    }

    private static WebDatasetReader read(Tars tar) throws IOException {
        return new WebDatasetReader(new ByteArrayInputStream(tar.bytes()), "file:/a.tar", 1 << 20);
    }

    private static Iterator<EncodedImage> seen(Iterator<EncodedImage> photos, Set<byte[]> arrays) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(photos, Spliterator.ORDERED), false)
                .peek(photo -> arrays.add(((EncodedImage.Ok) photo).content().array()))
                .iterator();
    }

    @Test
    void atMostTwoBatchesAreReadAhead() {
        AtomicInteger read = new AtomicInteger();
        Iterator<EncodedImage> photos =
                photos(200).stream().peek(photo -> read.incrementAndGet()).iterator();
        try (PooledScorer scorer =
                new PooledScorer(photos, session, model, InferenceSpec.at("logits"), ImageLimits.DEFAULT, 8, 3)) {
            for (int taken = 1; taken <= 200; taken++) {
                scorer.next();
                // plus one photo that hasNext() has read
                assertThat(read.get()).isLessThanOrEqualTo(taken + 2 * 8 + 1);
            }
            assertThat(scorer.hasNext()).isFalse();
        }
    }

    @Test
    void aTaskThatEndsEarlyLeavesNoThreads() throws InterruptedException {
        PooledScorer scorer = new PooledScorer(
                photos(200).iterator(), session, model, InferenceSpec.at("logits"), ImageLimits.DEFAULT, 8, 3);
        scorer.next();

        scorer.close();

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("planisphere-decode")) {
                thread.join(10_000); // a pool has ended slightly before its last thread
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    /** Returns red, green and blue photos; every seventh photo is something else. */
    private static List<EncodedImage> photos(int count) {
        List<Color> colours = List.of(Color.RED, Color.GREEN, Color.BLUE, Color.ORANGE);
        List<EncodedImage> photos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "p" + i;
            byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
            photos.add(
                    i % 7 != 3
                            ? new EncodedImage.Ok(
                                    id, id, Photos.png(colours.get(i % colours.size()), 8 + i % 5, 8 + i % 11))
                            : i % 2 == 0
                                    ? new EncodedImage.Ok(id, id, page)
                                    : new EncodedImage.Rejected(id, id, Status.MISSING, "gone"));
        }
        return photos;
    }

    private static List<String> scored(PhotoPath<Scored> path) {
        List<String> scored = new ArrayList<>();
        while (path.hasNext()) {
            Scored photo = path.next();
            scored.add(String.format(
                    Locale.ROOT,
                    "%s %s %s %dx%d %s",
                    photo.id(),
                    photo.status(),
                    photo.detail(),
                    photo.width(),
                    photo.height(),
                    photo.views().stream()
                            .map(view -> Arrays.toString(view.values()[0]))
                            .toList()));
        }
        return scored;
    }
}
