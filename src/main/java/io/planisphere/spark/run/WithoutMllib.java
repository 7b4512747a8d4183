package io.planisphere.spark.run;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Class loader that hides the session extension of MLlib from Java's service loader. The extension describes its internal functions by
 * Scala's reflection, whose start takes some 0.2 s of a process, and only MLlib itself uses them. Extensions of others are found.
 */
final class WithoutMllib extends ClassLoader {
    private static final String EXTENSIONS = "META-INF/services/org.apache.spark.sql.SparkSessionExtensionsProvider";
    private static final String MLLIB = "/spark-mllib_";

    WithoutMllib(ClassLoader others) {
        super("without MLlib's extension", others);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        if (!name.equals(EXTENSIONS)) {
            return all;
        }
        List<URL> others = Collections.list(all);
        others.removeIf(url -> url.toString().contains(MLLIB));
        return Collections.enumeration(others);
    }

    /** Returns a value that is made while this is the context class loader of the thread. */
    static <T> T during(Supplier<T> making) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new WithoutMllib(before));
        try {
            return making.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
