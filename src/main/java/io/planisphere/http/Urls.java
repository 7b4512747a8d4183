package io.planisphere.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.net.URIAuthority;

/** Parses URLs leniently. */
public final class Urls {
    /** Characters that RFC 3986 (section 2) allows unescaped, except the percent sign. */
    private static final String PLAIN = "-._~:/?#[]@!$&'()*+,;=";

    private Urls() {}

    /**
     * Parses a URL. Characters that are not allowed in URLs are escaped, such as spaces, non-ASCII letters, and a percent sign
     * that does not begin an escape. The fragment is removed, because it is not sent to the server.
     *
     * @throws URISyntaxException if it is invalid nevertheless
     */
    public static URI parse(String written) throws URISyntaxException {
        StringBuilder url = new StringBuilder(written.length());
        int fragment = written.indexOf('#');
        String text = fragment < 0 ? written : written.substring(0, fragment);
        int authorityEnd = authorityEnd(text);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            // square brackets are allowed only around IPv6 addresses
            boolean bracket = (c == '[' || c == ']') && i >= authorityEnd;
            if ((isPlain(c) && !bracket) || (c == '%' && isEscape(text, i))) {
                url.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    url.append('%')
                            .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)))
                            .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
                }
            }
            i += Character.charCount(c);
        }
        return new URI(url.toString());
    }

    /** Returns the host of a URI, unlike {@link URI#getHost} also one with an underscore; empty if there is none. */
    static String host(URI uri) {
        String host = uri.getHost();
        if (host == null && uri.getRawAuthority() != null) {
            try {
                host = URIAuthority.create(uri.getRawAuthority()).getHostName();
            } catch (URISyntaxException e) {
                return "";
            }
        }
        if (host == null) {
            return "";
        }
        return unbracketed(host);
    }

    /** Returns an IPv6 address without its brackets. */
    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int authorityEnd(String text) {
        int slashes = text.indexOf("//");
        if (slashes < 0) {
            return 0;
        }
        int end = slashes + 2;
        while (end < text.length() && "/?".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0;
    }

    private static boolean isEscape(String text, int percent) {
        return percent + 2 < text.length()
                && Character.digit(text.charAt(percent + 1), 16) >= 0
                && Character.digit(text.charAt(percent + 2), 16) >= 0;
    }
}
