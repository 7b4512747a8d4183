package io.planisphere.spark.plan;

import java.net.URI;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/**
 * Makes a manifest's uri absolute, and writes it as Hadoop does, so that one photo has one uri. Relative uris are resolved
 * against {@code folder}, uris without a scheme against {@code home}.
 */
record Resolve(String folder, String home) implements UDF1<@Nullable String, @Nullable String> {
    private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*", Pattern.DOTALL);

    @Override
    public @Nullable String call(@Nullable String uri) {
        if (uri == null || uri.isEmpty()) {
            return null;
        }
        boolean absolute = uri.startsWith("/") || WITH_SCHEME.matcher(uri).matches();
        String from = absolute ? uri : folder + "/" + uri;
        try {
            return new Path(from).makeQualified(URI.create(home), new Path("/")).toString();
        } catch (IllegalArgumentException e) {
            return from; // fetching it reports what is wrong with it
        }
    }
}
