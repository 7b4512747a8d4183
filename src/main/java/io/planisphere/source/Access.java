package io.planisphere.source;

import io.planisphere.http.AddressRules;
import io.planisphere.http.HttpLimits;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/**
 * The rules for what may be fetched, and the limits of downloads.
 *
 * @param allowed URIs that manifests and redirects may lead to
 * @param http limits of downloads over HTTP
 * @param trustedHosts further web hosts, in lower case, that the operator trusts besides those of {@code allowed}
 */
public record Access(Allowed allowed, HttpLimits http, Set<String> trustedHosts) implements Serializable {
    /** Everything but private addresses, with the default limits. */
    public static final Access DEFAULT = of(Allowed.DEFAULT);

    public Access {
        trustedHosts = Set.copyOf(trustedHosts);
    }

    /** Returns rules with the default limits. */
    public static Access of(Allowed allowed) {
        return new Access(allowed, HttpLimits.DEFAULT, Set.of());
    }

    AddressRules addresses() {
        Set<String> hosts = new HashSet<>(trustedHosts);
        hosts.addAll(allowed.hosts());
        return new AddressRules(hosts);
    }
}
