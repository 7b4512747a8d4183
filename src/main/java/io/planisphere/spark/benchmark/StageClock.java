package io.planisphere.spark.benchmark;

import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Preparer;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.vision.InferenceSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Measures each stage alone, on one thread, in CPU milliseconds per photo, which depend less on other load than wall-clock time.
 * Reading is measured in wall-clock time, because it waits for I/O.
 */
record StageClock(List<ShardSource> shards, ModelPackage model, InferenceSpec spec, ImageLimits limits, int batchSize) {
    /** Photos per measurement; one photo more or less changes it by a thousandth. */
    private static final int PHOTOS = 1000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    Map<String, Double> measure(HeldPhotos photos, Configuration hadoop) throws IOException {
        Map<String, Double> stages = new LinkedHashMap<>();
        stages.put("read", read(hadoop));
        long sniff = 0;
        long decode = 0;
        long prepare = 0;
        long infer = 0;
        int prepared = 0;
        try (Decoder decoder = new Decoder(limits);
                Preparer preparer = new Preparer(model.preprocessing(), limits.resizing());
                Inference inference = Session.shared(model, 1).newInference(spec.outputs(), batchSize, batchSize)) {
            for (int i = 0; i < PHOTOS; i++) {
                EncodedImage.Ok photo = (EncodedImage.Ok)
                        photos.photos().get(i % photos.photos().size());
                long start = now();
                decoder.isComplete(photo.content());
                long sniffed = now();
                Decoded decoded = decoder.decode(photo.content(), model.preprocessing());
                long end = now();
                sniff += sniffed - start;
                decode += end - sniffed;
                if (decoded instanceof Decoded.Ok ok) {
                    start = now();
                    int slot = prepared++ % batchSize;
                    preparer.prepare(ok.pixels(), inference.input(), slot * inference.elements());
                    end = now();
                    prepare += end - start;
                    if (slot == batchSize - 1) {
                        start = now();
                        inference.run(batchSize);
                        infer += now() - start;
                    }
                }
            }
        }
        int inferred = Math.max(1, prepared / batchSize * batchSize);
        stages.put("sniff", millis(sniff, PHOTOS));
        stages.put("decode", millis(decode - sniff, PHOTOS)); // decoding includes sniffing
        stages.put("resize", millis(prepare, Math.max(1, prepared)));
        stages.put("infer", millis(infer, inferred));
        return stages;
    }

    private double read(Configuration hadoop) throws IOException {
        long start = System.nanoTime();
        int photos = 0;
        for (ShardSource shard : shards) {
            try (ShardReader reader = shard.open(limits.maxBytes(), Content.PHOTOS, OptOut.NONE, hadoop)) {
                while (photos < PHOTOS && reader.hasNext()) {
                    reader.next();
                    photos++;
                }
            }
        }
        return millis(System.nanoTime() - start, Math.max(1, photos));
    }

    private static double millis(long nanos, int photos) {
        return nanos / 1e6 / photos;
    }

    private static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
