package io.planisphere.source;

import io.planisphere.http.AddressRules;
import io.planisphere.http.HttpLimits;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/**
 * What may be fetched, and with how much patience.
 *
 * @param allowed where manifests and redirects may lead
 * @param http limits of downloads over HTTP
 * @param trustedHosts hosts on the web, in lower case, that the operator gave besides those of {@code allowed}
 */
public record Access(Allowed allowed, HttpLimits http, Set<String> trustedHosts) implements Serializable {
    /** Everything but private addresses, with the usual limits. */
    public static final Access DEFAULT = of(Allowed.DEFAULT);

    public Access {
        trustedHosts = Set.copyOf(trustedHosts);
    }

    /** With the usual limits. */
    public static Access of(Allowed allowed) {
        return new Access(allowed, HttpLimits.DEFAULT, Set.of());
    }

    AddressRules addresses() {
        Set<String> hosts = new HashSet<>(trustedHosts);
        hosts.addAll(allowed.hosts());
        return new AddressRules(hosts);
    }
}
