import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.rapaio.jupyter.kernel.channels.AbstractChannel;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.IOPubChannel;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.channels.StdinChannel;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.Transform;

/**
 * Starts the kernel in place of its own MainApp (3.0.1), for three reasons. A message that arrives while it still connects ends the
 * thread that should answer it, so that Jupyter waits in vain; here such a message waits. A thread that looks whether it is to run
 * before its starter has said so ends without a word (two starts of 73 on two cores); here each is started again, told before. And
 * MainApp has all of the JVM log at FINEST, where Janino, which compiles Spark's queries, fails over its own log lines.
 */
final class Kernel {
    private Kernel() {}

    public static void main(String[] args) throws Exception {
        Channels channels = new Channels(Transform.fromJson(Files.readString(Path.of(args[0])), ConnectionProperties.class));
        Field handlers = field(Channels.class, "handlers"); // connect puts another map there
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
        for (Object channel : (Set<?>) field(Channels.class, "channels").get(channels)) {
            startAgain((AbstractChannel) channel);
        }
        channels.joinUntilClose();
        System.exit(0); // Spark has threads of its own
    }

    private static void startAgain(AbstractChannel channel) throws ReflectiveOperationException, InterruptedException {
        if (channel instanceof IOPubChannel || channel instanceof StdinChannel) {
            return; // no thread waits on these
        }
        Field loop = field(channel.getClass(), "loopThread");
        LoopThread first = (LoopThread) loop.get(channel);
        first.shutdown();
        first.join();
        LoopThread second = new LoopThread(
                first.getName(),
                field(LoopThread.class, "sleep").getLong(first),
                (Runnable) field(LoopThread.class, "loopBody").get(first));
        field(LoopThread.class, "running").setBoolean(second, true);
        loop.set(channel, second);
        second.start();
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
