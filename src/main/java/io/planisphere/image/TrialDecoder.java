package io.planisphere.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The process that {@link DecodingTrial} may lose. It reads photos from its standard input (four bytes of length, then the
 * photo), decodes each in all the sizes that a job might ask for, and says on its standard output that it is still there.
 */
final class TrialDecoder {
    /** Says that it has begun, then once per photo that it lives. */
    static final int ALIVE = 1;

    private TrialDecoder() {}

    /** Ends with its input. Takes the limits of pixels and of bytes. */
    public static void main(String[] limits) throws IOException {
        ProcessHandle.current().parent().ifPresent(TrialDecoder::endWith);
        OutputStream out = System.out;
        try (Decoder decoder = new Decoder(new ImageLimits(Long.parseLong(limits[0]), Long.parseLong(limits[1])));
                DataInputStream in = new DataInputStream(System.in)) {
            out.write(ALIVE);
            out.flush();
            int length = in.read(); // the end is allowed here only
            while (length >= 0) {
                length = length << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
                decoder.decodeAtEverySize(in.readNBytes(length));
                out.write(ALIVE);
                out.flush();
                length = in.read();
            }
        }
    }

    /** Not even a decoder that never returns may outlive the executor. */
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
