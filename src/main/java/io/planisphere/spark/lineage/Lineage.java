package io.planisphere.spark.lineage;

import io.planisphere.model.ModelPackage;
import io.planisphere.source.InputException;
import io.planisphere.spark.lineage.Facts.Rows;
import io.planisphere.spark.lineage.Facts.Written;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The lineage of one run of a job, sent as OpenLineage events: one when it starts, one when it ends. Every job that reads data and
 * writes an output runs its work in {@link #run}. Where the configuration names no receiver, nothing is looked up and no class of
 * the client library is loaded.
 */
public final class Lineage {
    private final Facts facts = new Facts();
    private final Optional<RunEvents> events;
    private final PrintWriter messages;

    private Lineage(Optional<RunEvents> events, PrintWriter messages) {
        this.events = events;
        this.messages = messages;
    }

    /** The work of a job. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does the work; what it throws fails the run. */
        T run() throws IOException;
    }

    /**
     * Returns the lineage of a run that is about to start.
     *
     * @param job name of the job
     * @param messages writer for the warning if events could not be sent
     * @throws InputException if the settings of the receiver are wrong
     */
    public static Lineage of(SparkSession spark, String job, PrintWriter messages) {
        return new Lineage(
                LineageSettings.of(spark, System.getenv()).map(settings -> RunEvents.of(spark, job, settings)),
                messages);
    }

    /** Adds an input as the command line names it: a path, a glob, {@code table:NAME}, or one with another prefix. */
    public Lineage reads(String given) {
        facts.add(given);
        return this;
    }

    /** Adds inputs. */
    public Lineage reads(Collection<String> given) {
        given.forEach(facts::add);
        return this;
    }

    /** Adds an output as the command line names it. */
    public Lineage writes(String given) {
        facts.add(new Written(given, null));
        return this;
    }

    /** Adds an output of rows with these columns. */
    public Lineage writes(String given, StructType schema) {
        facts.add(new Written(given, schema));
        return this;
    }

    /** Adds a model that the run uses. */
    public Lineage uses(ModelPackage model) {
        facts.add(model);
        return this;
    }

    /** Says which model package the run has written as its output. */
    public void made(ModelPackage model) {
        facts.made(model);
    }

    /**
     * Says which rows the first output has.
     *
     * @param written rows that this run wrote
     * @param total rows in the output
     * @param status rows in the output by status code
     */
    public void counted(long written, long total, Map<String, Long> status) {
        facts.count(new Rows(written, total, status));
    }

    /** Runs the work between the two events. */
    public <T> T run(Work<T> work) throws IOException {
        return run(work, result -> Optional.empty());
    }

    /**
     * Runs the work between the two events.
     *
     * @param failure returns why a run that ended with this result counts as failed; empty if it does not
     */
    public <T> T run(Work<T> work, Function<T, Optional<String>> failure) throws IOException {
        if (events.isEmpty()) {
            return work.run();
        }
        RunEvents sent = events.get();
        sent.start(facts);
        try {
            T result = work.run();
            Optional<String> why = failure.apply(result);
            if (why.isPresent()) {
                sent.fail(facts, why.get());
            } else {
                sent.complete(facts);
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            sent.fail(facts, described(e));
            throw e;
        } finally {
            warn(sent.close());
        }
    }

    private static String described(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Prints one warning, however many events were not sent. */
    private void warn(List<String> failures) {
        if (!failures.isEmpty()) {
            messages.println("The lineage of this run is incomplete: " + failures.get(0)
                    + ". The job itself is not affected; docs/lineage.md has the settings");
            messages.flush();
        }
    }
}
