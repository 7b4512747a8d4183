package io.planisphere;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.stream.Stream;

/**
 * The result of a job that ran in this JVM as a user would run it.
 *
 * @param exit exit code
 * @param out output printed to standard output
 * @param err output printed to standard error
 * @param output both, in the order in which they were printed
 */
public record JobRun(int exit, String out, String err, String output) {
    /** Runs a command line; its words are strings, paths, numbers or similar objects. */
    public static JobRun of(Object... line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        StringWriter output = new StringWriter();
        int exit = Main.run(
                printing(out, output),
                printing(err, output),
                Stream.of(line).map(Object::toString).toArray(String[]::new));
        return new JobRun(exit, out.toString(), err.toString(), output.toString());
    }

    private static PrintWriter printing(StringWriter one, StringWriter both) {
        Writer tee = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) {
                one.write(text, offset, length);
                both.write(text, offset, length);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        return new PrintWriter(tee, true);
    }
}
