package org.contactsync.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.contactsync.settings.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules strict = new AddressRules(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.100.100.200",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void refusesWhatIsNotPublic(String address) throws UnknownHostException {
        assertThat(strict.allow(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.128.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "223.255.255.255",
                "::ffff:1.1.1.1",
                "2001:4860:4860::8888",
                "2606:4700:4700::1111",
                "2a00:1450::1"
            })
    void allowsPublicAddresses(String address) throws UnknownHostException {
        assertThat(strict.allow(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.20.0.1", "10.20.255.255", "fd12:3456::1", "127.0.0.1", "1.1.1.1"})
    void allowsNetworksOfTheOperatorToo(String address) throws UnknownHostException {
        assertThat(operators().allow(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.21.0.0", "10.19.255.255", "fd12:3457::1", "127.0.0.2", "::1"})
    void allowsNoOthers(String address) throws UnknownHostException {
        assertThat(operators().allow(InetAddress.getByName(address))).isFalse();
    }

    private static AddressRules operators() {
        return new AddressRules(
                List.of(Network.parse("10.20.0.0/16"), Network.parse("fd12:3456::/32"), Network.parse("127.0.0.1/32")));
    }
}
