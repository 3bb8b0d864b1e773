package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @Test
    void comparesTheLeadingBits() throws Exception {
        Network network = Network.parse("172.16.0.0/12");

        assertThat(network.contains(InetAddress.getByName("172.31.255.255"))).isTrue();
        assertThat(network.contains(InetAddress.getByName("172.32.0.0"))).isFalse();
        assertThat(network.contains(InetAddress.getByName("::1"))).isFalse();
        assertThat(Network.parse("0.0.0.0/0").contains(InetAddress.getByName("8.8.8.8")))
                .isTrue();
        assertThat(network).hasToString("172.16.0.0/12");
    }

    /** A name is never looked up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/x",
                "10.0.0/8",
                "localhost/8",
                "fe.ad/8",
                "::/129",
                "1.2.3.999/8",
                "10.0.0.0/8/8",
                "dead/16"
            })
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
