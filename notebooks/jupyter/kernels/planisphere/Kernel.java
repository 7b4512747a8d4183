import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.Transform;

/**
 * Starts the kernel in place of its own MainApp (3.0.1), for two reasons. A message that arrives while it still connects ends the
 * thread that should answer it, so that Jupyter waits in vain; here such a message waits. And MainApp has all of the JVM log at
 * FINEST, where Janino, which compiles Spark's queries, fails over its own log lines.
 */
final class Kernel {
    private Kernel() {}

    public static void main(String[] args) throws Exception {
        Channels channels = new Channels(Transform.fromJson(Files.readString(Path.of(args[0])), ConnectionProperties.class));
        Field handlers = Channels.class.getDeclaredField("handlers"); // connect puts another map there
        handlers.setAccessible(true);
        CountDownLatch connected = new CountDownLatch(1);
        handlers.set(channels, new HashMap<Object, Object>() {
            @Override
            public Object get(Object type) {
                try {
                    connected.await();
                    return ((Map<?, ?>) handlers.get(channels)).get(type);
                } catch (InterruptedException | IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        channels.connect(new RapaioKernel());
        connected.countDown();
        channels.joinUntilClose();
        System.exit(0); // Spark has threads of its own
    }
}
