package io.planisphere;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.stream.Stream;

/**
 * A job as its user runs it, in this JVM, and what came of it.
 *
 * @param exit code
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 * @param said both, in the order in which they were printed
 */
public record JobRun(int exit, String out, String err, String said) {
    /** Runs a command line, of words that are strings, paths, numbers or the like. */
    public static JobRun of(Object... line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        StringWriter said = new StringWriter();
        int exit = Main.run(
                printing(out, said),
                printing(err, said),
                Stream.of(line).map(Object::toString).toArray(String[]::new));
        return new JobRun(exit, out.toString(), err.toString(), said.toString());
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
