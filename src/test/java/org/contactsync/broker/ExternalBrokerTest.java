package org.contactsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExternalBrokerTest {
    @Test
    void namesOneConnectorForEachHost() {
        ExternalBroker broker = ExternalBroker.of("one:61616, two:61617", false, "", "");

        assertThat(broker.connectorClassNames("C")).isEqualTo("C,C");
        assertThat(broker.connectionParameters()).isEqualTo("host=one;port=61616,host=two;port=61617");
    }

    @Test
    void checksTheBrokersNameOverTls() {
        assertThat(ExternalBroker.of("one:61617", true, "/trust.p12", "secret").connectionParameters())
                .isEqualTo("host=one;port=61617;sslEnabled=true;verifyHost=true;"
                        + "trustStorePath=/trust.p12;trustStoreType=PKCS12;trustStorePassword=secret");
    }

    @Test
    void refusesWhatIsNoHostAndPort() {
        assertThatThrownBy(() -> ExternalBroker.of("", false, "", "")).hasMessageContaining("host:port");
        assertThatThrownBy(() -> ExternalBroker.of("one:61616;sslEnabled=false", false, "", ""))
                .hasMessageContaining("host:port");
    }
}
