package io.planisphere.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Classes that precede ours on a class path: with them, the decoder kills its process by a signal, or hangs, for a photo that
 * contains a certain text.
 */
public final class HarmfulDecoder {
    /** Text in a photo, for example in a JPEG's comment, that makes the process abort. */
    public static final String ABORT = "please abort";

    /** Text in a photo that makes the decoder hang. */
    public static final String HANG = "please hang";

    private HarmfulDecoder() {}

    /** Compiles the classes; returns the folder for the class path. */
    public static Path in(Path folder) throws IOException {
        // inserted where the decoder last reads a photo's bytes before native code
        Path source = Files.writeString(
                Files.createDirectories(folder).resolve("Neutral.java"), """
                package io.planisphere.image;

                final class WithoutOrientationAndAlpha {
                    static void make(ImageKind kind, PhotoBytes photo, org.bytedeco.javacpp.BytePointer copy) {
                        String text = new String(
                                photo.array(), 0, photo.length(), java.nio.charset.StandardCharsets.ISO_8859_1);
                        try {
                            if (text.contains("%s")) {
                                long pid = ProcessHandle.current().pid();
                                new ProcessBuilder("kill", "-ABRT", Long.toString(pid)).start().waitFor();
                            }
                            while (text.contains("%s") || text.contains("%s")) {
                                Thread.sleep(1000);
                            }
                        } catch (java.io.IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
                """.formatted(ABORT, ABORT, HANG));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int code = compiler.run(
                null,
                null,
                null,
                "-cp",
                "target/classes" + java.io.File.pathSeparator + jarOf(org.bytedeco.javacpp.Loader.class),
                "-d",
                folder.toString(),
                source.toString());
        if (code != 0) {
            throw new IllegalStateException("The harmful decoder does not compile");
        }
        return folder;
    }

    /** Returns a JPEG with a comment. */
    public static byte[] photo(byte[] jpeg, String comment) {
        byte[] text = comment.getBytes(StandardCharsets.ISO_8859_1);
        byte[] photo = new byte[jpeg.length + text.length + 4];
        System.arraycopy(jpeg, 0, photo, 0, 2);
        photo[2] = (byte) 0xff;
        photo[3] = (byte) 0xfe;
        photo[4] = 0;
        photo[5] = (byte) (text.length + 2);
        System.arraycopy(text, 0, photo, 6, text.length);
        System.arraycopy(jpeg, 2, photo, 6 + text.length, jpeg.length - 2);
        return photo;
    }

    /** Returns the path from which a class was loaded. */
    public static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the class path of the decoder's process, with the harmful classes first. */
    static String classPath(Path harmful) {
        return String.join(
                java.io.File.pathSeparator,
                List.of(harmful.toString(), "target/classes", System.getProperty("java.class.path")));
    }
}
