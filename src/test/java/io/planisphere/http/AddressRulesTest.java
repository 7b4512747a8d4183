package io.planisphere.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests addresses from the tables of RFC 6890 and the documentation of clouds. */
class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "2130706433",
                "0.0.0.0",
                "10.0.0.1",
                "100.100.100.200",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.255.255",
                "192.0.0.192",
                "198.19.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:a00:1::1",
                "2001::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void localAndPrivateAddressesRequireTrustedHosts(String address) throws UnknownHostException {
        InetAddress parsed = InetAddress.getByName(address);

        assertThat(AddressRules.PUBLIC_ONLY.allow("photos.example", parsed)).isFalse();
        assertThat(new AddressRules(Set.of("photos.example")).allow("Photos.Example", parsed))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "198.17.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void publicAddressesAreAllowedForAllHosts(String address) throws UnknownHostException {
        assertThat(AddressRules.PUBLIC_ONLY.allow("photos.example", InetAddress.getByName(address)))
                .isTrue();
    }
}
