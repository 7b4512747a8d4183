package io.planisphere.source;

import io.planisphere.http.Downloader;
import io.planisphere.http.Urls;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * The allow-list of URIs in manifests; other URIs are not fetched. Without a list a manifest may name any URI, but only a
 * manifest on a local disk may name files on local disks, which are those of the executors.
 *
 * <p>URIs are compared after normalisation: {@code ..} is resolved, scheme and host are case-insensitive, and a base ends at a
 * name boundary, so {@code /photos} covers {@code /photos/x} but not {@code /photos-private/x}. Symbolic links are not resolved.
 */
public final class Allowed implements Serializable {
    /** The rules without a list. */
    public static final Allowed DEFAULT = new Allowed(List.of());

    private static final long serialVersionUID = 1;

    private final List<Place> bases;

    private Allowed(List<Place> bases) {
        this.bases = bases;
    }

    /**
     * Returns the rules for a list.
     *
     * @param bases each a scheme ({@code hdfs:}), a host ({@code s3a://bucket}) or a folder, on every host if it names none; if
     *     there are none, the default
     * @throws IllegalArgumentException if one has no scheme; the message names it
     */
    public static Allowed of(List<String> bases) {
        List<Place> places = new ArrayList<>();
        for (String base : bases) {
            places.add(base(base)
                    .orElseThrow(() -> new IllegalArgumentException("--allow " + base
                            + " names no scheme; write it out, such as file:/photos, s3a://bucket/photos or hdfs:")));
        }
        return places.isEmpty() ? DEFAULT : new Allowed(List.copyOf(places));
    }

    private static Optional<Place> base(String given) {
        if (given.matches("[A-Za-z][A-Za-z0-9+.-]*:")) {
            String scheme = given.substring(0, given.length() - 1).toLowerCase(Locale.ROOT);
            return Optional.of(new Place(scheme, Place.ANY, List.of()));
        }
        return Place.of(given).map(place -> place.authority.isEmpty() ? place.onAnyHost() : place);
    }

    /** Returns whether a URI leads to a local disk. */
    public static boolean isLocal(String uri) {
        return Place.of(uri).filter(Place::isLocal).isPresent();
    }

    /** Returns the web hosts in the list, in lower case. Listing a host allows all its addresses, including private ones. */
    Set<String> hosts() {
        return bases.stream()
                .filter(base -> Downloader.isFor(base.scheme) && !base.authority.equals(Place.ANY))
                .map(base -> base.authority.replaceFirst("^.*@", "").replaceFirst(":\\d*$", ""))
                .map(host -> host.replaceAll("[\\[\\]]", ""))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the host of a web URL; empty for other URLs. */
    public static Set<String> hostOf(String url) {
        return Place.of(url).stream()
                .filter(place -> Downloader.isFor(place.scheme))
                .flatMap(place -> Allowed.of(List.of(url)).hosts().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns why a redirect may not lead to this URL; empty if it may. */
    Optional<String> redirectRefusal(URI url) {
        return bases.isEmpty() || isNamed(url.toString())
                ? Optional.empty()
                : Optional.of("--allow does not name " + url + "; it was not fetched");
    }

    private boolean isNamed(String uri) {
        return Place.of(uri)
                .filter(there -> bases.stream().anyMatch(base -> base.holds(there)))
                .isPresent();
    }

    /**
     * Returns why a manifest may not name this URI; empty if it may.
     *
     * @param isManifestLocal whether the manifest itself is on a local disk
     */
    public Optional<String> refusal(String uri, boolean isManifestLocal) {
        if (!bases.isEmpty()) {
            return isNamed(uri)
                    ? Optional.empty()
                    : Optional.of("The manifest names " + uri + ", which --allow does not name; it was not fetched");
        }
        return isLocal(uri) && !isManifestLocal
                ? Optional.of("The manifest names " + uri + ", on a local disk, and does not lie on one itself; "
                        + "--allow file: would allow it; it was not fetched")
                : Optional.empty();
    }

    /**
     * The normalised location of a URI.
     *
     * @param authority host or bucket in lower case, empty without one; {@link #ANY} for all
     * @param names path segments, from the root
     */
    private record Place(String scheme, String authority, List<String> names) implements Serializable {
        static final String ANY = "*";
        private static final Pattern WEB = Pattern.compile("(?i)https?:");

        /** Parses a URI; empty if it has no scheme, or is invalid for Hadoop. */
        static Optional<Place> of(String uri) {
            URI parsed;
            try {
                // %2e is a dot in web URLs, but not on file systems
                parsed = WEB.matcher(uri).lookingAt() ? Urls.parse(uri) : new Path(uri).toUri();
            } catch (IllegalArgumentException | URISyntaxException e) {
                return Optional.empty();
            }
            if (parsed.getScheme() == null) {
                return Optional.empty();
            }
            String scheme = parsed.getScheme().toLowerCase(Locale.ROOT);
            String host = Optional.ofNullable(parsed.getAuthority()).orElse("").toLowerCase(Locale.ROOT);
            return Optional.of(new Place(
                    scheme,
                    scheme.equals("file") ? "" : host,
                    names(parsed.getPath() == null ? "" : parsed.getPath())));
        }

        private static List<String> names(String path) {
            List<String> names = new ArrayList<>();
            for (String name : path.split("/", -1)) {
                if (name.equals("..")) {
                    names.subList(Math.max(0, names.size() - 1), names.size()).clear();
                } else if (!name.isEmpty() && !name.equals(".")) {
                    names.add(name);
                }
            }
            return List.copyOf(names);
        }

        Place onAnyHost() {
            return new Place(scheme, ANY, names);
        }

        boolean holds(Place other) {
            return scheme.equals(other.scheme)
                    && (authority.equals(ANY) || authority.equals(other.authority))
                    && names.size() <= other.names.size()
                    && names.equals(other.names.subList(0, names.size()));
        }

        /**
         * Returns whether this is on a local disk, including archives there, which Hadoop writes as {@code har://file-host/path}.
         */
        boolean isLocal() {
            return scheme.equals("file") || (scheme.equals("har") && authority.matches("file(-.*)?"));
        }
    }
}
