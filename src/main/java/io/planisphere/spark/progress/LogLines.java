package io.planisphere.spark.progress;

import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.spark.SparkContext;

/**
 * Hears of each line of Spark's log before it is written. Log4j has taken hold of the process's own stream long before a job
 * begins, so that a stream put in its place would see nothing.
 */
final class LogLines extends AbstractFilter implements AutoCloseable {
    private final Optional<LoggerConfig> root;
    private final Runnable before;

    private LogLines(Optional<LoggerConfig> root, Runnable before) {
        this.root = root;
        this.before = before;
    }

    /** Runs {@code before} ahead of each line, until it is closed. Where Log4j does not write them, nothing is heard. */
    static LogLines listen(Runnable before) {
        Optional<LoggerConfig> root =
                LogManager.getContext(SparkContext.class.getClassLoader(), false) instanceof LoggerContext log4j
                        ? Optional.of(log4j.getConfiguration().getRootLogger())
                        : Optional.empty();
        LogLines lines = new LogLines(root, before);
        root.ifPresent(logger -> logger.addFilter(lines));
        return lines;
    }

    @Override
    public Result filter(LogEvent event) {
        before.run();
        return Result.NEUTRAL;
    }

    @Override
    public void close() {
        root.ifPresent(logger -> logger.removeFilter(this));
    }
}
