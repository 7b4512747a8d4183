package io.planisphere.http;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The addresses that an untrusted URL may resolve to: public ones only. Loopback addresses, link-local ones (where clouds have
 * their metadata service) and private networks would give the author of the URL access to what only the cluster can reach (SSRF).
 *
 * @param trustedHosts hosts, in lower case and without brackets, that may have any address
 */
public record AddressRules(Set<String> trustedHosts) implements Serializable {
    /** No host is trusted. */
    public static final AddressRules PUBLIC_ONLY = new AddressRules(Set.of());

    private static final int IPV4_BYTES = 4;

    public AddressRules {
        trustedHosts = Set.copyOf(trustedHosts);
    }

    /**
     * Blocks of RFC 6890 (Table 1 to 20) and its successors that no public server has.
     *
     * @param first first address of the block
     * @param bits length of the prefix in bits
     */
    private record Block(InetAddress first, int bits) {
        static Block of(String cidr) {
            int slash = cidr.indexOf('/');
            try {
                return new Block(
                        InetAddress.getByName(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(cidr + " is no block of addresses", e);
            }
        }

        boolean holds(byte[] address) {
            byte[] prefix = first.getAddress();
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> NOT_PUBLIC = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10", // shared by a provider's customers; some clouds' metadata service
                    "127.0.0.0/8",
                    "169.254.0.0/16", // link-local; most clouds' metadata service
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3", // multicast, reserved, broadcast
                    "::/127", // unspecified and loopback
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/23", // protocols such as Teredo
                    "2001:db8::/32",
                    "fc00::/7", // unique local
                    "fe80::/9", // link-local and site-local
                    "ff00::/8")
            .stream()
            .map(Block::of)
            .toList();

    /** IPv6 address blocks that embed an IPv4 address at an offset: mapped, compatible, NAT64, 6to4. */
    private record Carrier(Block block, int offset) {}

    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(Block.of("64:ff9b::/96"), 12),
            new Carrier(Block.of("2002::/16"), 2),
            new Carrier(Block.of("::/96"), 12));

    /** Returns whether the host may be connected to at this address. */
    boolean allow(String host, InetAddress address) {
        return trusts(host) || isPublic(address.getAddress());
    }

    boolean trusts(String host) {
        return trustedHosts.contains(Urls.unbracketed(host).toLowerCase(Locale.ROOT));
    }

    /** Returns whether an address is on the public Internet. Java represents IPv4-mapped addresses as IPv4. */
    public static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    private static boolean isPublic(byte[] address) {
        if (NOT_PUBLIC.stream().anyMatch(block -> block.holds(address))) {
            return false;
        }
        return CARRIERS.stream()
                .filter(carrier -> carrier.block.holds(address))
                .allMatch(
                        carrier -> isPublic(Arrays.copyOfRange(address, carrier.offset, carrier.offset + IPV4_BYTES)));
    }
}
