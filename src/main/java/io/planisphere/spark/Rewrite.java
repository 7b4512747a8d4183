package io.planisphere.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Batches of an output written anew, so that no crash loses a row.
 *
 * <p>Everything is first written beside the output, under {@code _run/rewrite/}. A marker then says that it is whole, and
 * only then directories are moved. A crash before the marker leaves rubbish; one after it leaves moves that the next start
 * ends.
 */
final class Rewrite {
    private final RunDirectory directory;
    private final Path work;
    private final Path marker;

    Rewrite(RunDirectory directory) {
        this.directory = directory;
        work = new Path(directory.run(), "rewrite");
        marker = new Path(work, "moves.json");
    }

    /**
     * What is left to do once everything is written.
     *
     * @param added the account of a new batch, if there is one; its inputs are the photos that the output has more than
     *     before
     * @param replaced batches whose new rows take the place of the old ones
     * @param emptied batches that lose all rows
     */
    record Moves(@Nullable BatchAccount added, List<Long> replaced, List<Long> emptied) {}

    /** Where the new rows of batches go, {@code batch=N} each. */
    Path kept() {
        return new Path(work, "kept");
    }

    /** Where the rows of a new batch go. */
    Path added() {
        return new Path(work, "added");
    }

    /** Room for something that is thrown away in the end. */
    Path scratch(String name) {
        return new Path(work, name);
    }

    /** Of these batches, those with rows under {@link #kept} are replaced, and the others emptied. */
    Moves moves(Collection<Long> touched, @Nullable BatchAccount added) throws IOException {
        List<Long> replaced = new ArrayList<>();
        List<Long> emptied = new ArrayList<>();
        for (long batch : touched) {
            (directory.fileSystem().exists(kept(batch)) ? replaced : emptied).add(batch);
        }
        return new Moves(added, replaced, emptied);
    }

    /** Everything is written: from here on a start that dies is ended by the next one. */
    void commit(Moves moves) throws IOException {
        directory.write(marker, moves);
        finish();
    }

    /** Ends the moves of a start that was killed, or throws away what one left before them. */
    void finish() throws IOException {
        FileSystem fs = directory.fileSystem();
        Moves moves = directory.read(marker, Moves.class).orElse(null);
        if (moves != null) {
            for (long batch : moves.replaced) {
                move(kept(batch), directory.batch(batch));
            }
            for (long batch : moves.emptied) {
                fs.delete(directory.batch(batch), true);
            }
            if (moves.added != null) {
                move(added(), directory.batch(moves.added.batch()));
                directory.write(directory.account(moves.added.batch()), moves.added);
            }
        }
        fs.delete(work, true);
    }

    private Path kept(long batch) {
        return new Path(kept(), directory.batch(batch).getName());
    }

    /** Once: what is no longer there has been moved before. */
    private void move(Path from, Path to) throws IOException {
        FileSystem fs = directory.fileSystem();
        if (fs.exists(from)) {
            fs.delete(to, true);
            if (!fs.rename(from, to)) {
                throw new IOException("Cannot rename " + from + " to " + to);
            }
        }
    }
}
