package io.planisphere.benchmark;

import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures one place to its cell, in nanoseconds: {@code lookup} is the complete path from degrees, {@code leafOnly} its part
 * in which S2 finds the place on the Hilbert curve. The partition is PlaNet's over generated places: towns of uneven size.
 *
 * <pre>mvn -B -q -Pjmh test-compile exec:exec -Djmh.args=CellBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CellBenchmark {
    private static final int TOWNS = 2000;
    /** More places than the processor's caches can hold the search paths of. */
    private static final int PLACES = 200_000;

    /** Maximum number of photos per cell; 8 gives about 40,000 cells, 200 about 2,000. */
    @Param({"8", "200"})
    private long tMax;

    private final List<LatLng> places = new ArrayList<>();
    private Partition partition = new Partition(List.of());
    private int next;

    @Setup
    public void divide() {
        Random random = new Random(7);
        List<LatLng> towns = new ArrayList<>();
        for (int i = 0; i < TOWNS; i++) {
            towns.add(new LatLng(
                    Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)), 360 * random.nextDouble() - 180));
        }
        for (int i = 0; i < PLACES; i++) {
            LatLng town = towns.get((int) (TOWNS * Math.pow(random.nextDouble(), 3)));
            places.add(new LatLng(
                    Math.max(-90, Math.min(90, town.latitude() + 0.3 * random.nextGaussian())),
                    Math.max(-180, Math.min(180, town.longitude() + 0.3 * random.nextGaussian()))));
        }
        partition = new AdaptivePartitioner(1, tMax, 20).partition(places).partition();
        System.out.println(partition);
    }

    @Benchmark
    public OptionalInt lookup() {
        return partition.labelOf(place());
    }

    @Benchmark
    public Object leafOnly() {
        return place().leaf();
    }

    private LatLng place() {
        next = (next + 1) % PLACES;
        return places.get(next);
    }
}
