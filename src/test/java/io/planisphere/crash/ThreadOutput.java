package io.planisphere.crash;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What jobs print, for each thread that runs one and the threads that it starts. */
final class ThreadOutput implements AutoCloseable {
    private static final InheritableThreadLocal<ByteArrayOutputStream> PRINTED = new InheritableThreadLocal<>() {
        @Override
        protected ByteArrayOutputStream initialValue() {
            return new ByteArrayOutputStream();
        }
    };
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    ThreadOutput() {
        PrintStream stream = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        PRINTED.get().write(b);
                    }

                    @Override
                    public void write(byte[] from, int offset, int length) {
                        PRINTED.get().write(from, offset, length);
                    }
                },
                true,
                StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    /** Forgets what this thread has printed; threads that begin now print for this one. */
    void begin() {
        PRINTED.set(new ByteArrayOutputStream());
    }

    /** What was printed since {@link #begin}. */
    String said() {
        return PRINTED.get().toString(StandardCharsets.UTF_8).strip();
    }

    /** Where output goes that is no job's. */
    PrintStream console() {
        return out;
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }
}
