package io.planisphere.clusters;

import io.planisphere.source.InputException;
import io.planisphere.spark.file.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lets many threads try to acquire one lease at the same time. */
final class Contenders {
    private Contenders() {}

    /** Returns how many of eight threads acquire the lease; they release it. */
    static int holders(FileSystem fs, Path file) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Lease>> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starts.add(() -> Lease.take(file, fs, "Output x", waiting -> {}));
        }
        List<Lease> taken = new ArrayList<>();
        for (Future<Lease> start : threads.invokeAll(starts)) {
            try {
                taken.add(start.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof InputException)) {
                    throw e;
                }
            }
        }
        threads.shutdown();
        taken.forEach(Lease::close);
        return taken.size();
    }
}
