package io.planisphere.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The separate process of {@link DecodingTrial}, which may crash. It reads photos from standard input (four bytes of length, then
 * the photo), decodes each in all sizes that a job could use, and reports on standard output that it is still alive.
 */
final class TrialDecoder {
    /** Written once at the start, then once per decoded photo. */
    static final int ALIVE = 1;

    private TrialDecoder() {}

    /** Runs until the end of its input. The arguments are the limits of pixels and of bytes. */
    public static void main(String[] limits) throws IOException {
        ProcessHandle.current().parent().ifPresent(TrialDecoder::endWith);
        OutputStream out = System.out;
        try (Decoder decoder = new Decoder(new ImageLimits(Long.parseLong(limits[0]), Long.parseLong(limits[1])));
                DataInputStream in = new DataInputStream(System.in)) {
            out.write(ALIVE);
            out.flush();
            int length = in.read(); // the input may end only here
            while (length >= 0) {
                length = length << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
                decoder.decodeAtEverySize(in.readNBytes(length));
                out.write(ALIVE);
                out.flush();
                length = in.read();
            }
        }
    }

    /** Exits when the executor ends, even if a decoder hangs. */
    private static void endWith(ProcessHandle executor) {
        Thread watch = new Thread(
                () -> {
                    executor.onExit().join();
                    Runtime.getRuntime().halt(1);
                },
                "watch");
        watch.setDaemon(true);
        watch.start();
    }
}
