package io.planisphere.earth;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The endless sequence of training batches. Batch {@code n} depends on the seed and on {@code n} alone, and each epoch visits
 * every place once in an order of its own.
 */
final class TrainingWindows {
    private static final double SHIFT_DEGREES = 0.2;
    // Shares of the target: the right cell's, and the rest spread over its neighbours by distance.
    private static final float SURE = 0.8f;
    private static final double NEIGHBOUR_KM = 75;

    private final Places places;
    private final List<Raster> maps;
    private final List<Places.Place> items = new ArrayList<>();
    private final List<Cell> cells;
    private final int[] labels;
    private final int size;
    private final int batch;
    private final long seed;
    private final Repainting repainting;
    private final float[] planes;
    private List<Integer> order = List.of();
    private long orderEpoch = -1;

    /** One batch: {@code pixels} [batch, 3, size, size] unsigned bytes, {@code targets} [batch, cells] summing to 1. */
    record Batch(ByteBuffer pixels, ByteBuffer targets) {}

    TrainingWindows(Places places, Partition partition, List<Raster> maps, int size, int batch, long seed) {
        this.places = places;
        this.maps = maps;
        this.cells = partition.cells();
        this.size = size;
        this.batch = batch;
        this.seed = seed;
        this.repainting = new Repainting(size);
        this.planes = new float[Terrain.CHANNELS * size * size];
        for (Places.Place place : places.training()) {
            if (partition.labelOf(place.at()).isPresent()) {
                items.add(place);
            }
        }
        this.labels = items.stream()
                .mapToInt(place -> partition.labelOf(place.at()).orElseThrow())
                .toArray();
    }

    int placesPerEpoch() {
        return items.size();
    }

    Batch batch(long number) {
        int pixels = 3 * size * size;
        byte[] bytes = new byte[batch * pixels];
        ByteBuffer targets =
                ByteBuffer.allocateDirect(batch * cells.size() * Float.BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < batch; i++) {
            long index = number * batch + i;
            int item = item(index);
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
            picture(items.get(item).at(), random, bytes, i * pixels);
            target(items.get(item).at(), labels[item], targets);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        return new Batch(direct.flip(), targets.flip());
    }

    private int item(long index) {
        long epoch = index / items.size();
        if (epoch != orderEpoch) {
            List<Integer> shuffled = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                shuffled.add(i);
            }
            Collections.shuffle(shuffled, new Random(seed + 31 * epoch));
            order = shuffled;
            orderEpoch = epoch;
        }
        return order.get((int) (index % items.size()));
    }

    private void picture(LatLng place, SplittableRandom random, byte[] bytes, int at) {
        Window window = Window.around(place, SHIFT_DEGREES, random);
        while (places.isHeldOut(window.centre())) {
            window = Window.around(place, SHIFT_DEGREES, random);
        }
        window.render(maps.get(random.nextInt(maps.size())), size, planes);
        repainting.repaint(planes, random);
        for (int p = 0; p < 3 * size * size; p++) {
            bytes[at + p] = (byte) Math.max(0, Math.min(255, Math.round(planes[p])));
        }
    }

    private void target(LatLng place, int label, ByteBuffer targets) {
        double[] near = new double[cells.size()];
        double sum = 0;
        for (int k = 0; k < near.length; k++) {
            near[k] = Math.exp(-place.distanceKm(cells.get(k).mean()) / NEIGHBOUR_KM);
            sum += near[k];
        }
        for (int k = 0; k < near.length; k++) {
            targets.putFloat((float) ((1 - SURE) * near[k] / sum) + (k == label ? SURE : 0));
        }
    }
}
