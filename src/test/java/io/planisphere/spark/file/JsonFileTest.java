package io.planisphere.spark.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    @Test
    void aFileThatIsWrittenAgainIsThereWholeAtEveryMoment(@TempDir java.nio.file.Path folder) throws Exception {
        FileSystem fs = FileSystem.getLocal(new Configuration());
        JsonFile file = new JsonFile(new Path(folder + "/value.json"), fs);
        file.write(0);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<?> writing = threads.submit(() -> {
            for (int i = 1; i <= 500; i++) {
                file.write(i);
            }
            return null;
        });

        int last = 0;
        while (!writing.isDone()) {
            int now = file.read(Integer.class).orElse(-1);
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }

        writing.get();
        assertThat(file.read(Integer.class)).contains(500);
        threads.shutdown();
    }
}
