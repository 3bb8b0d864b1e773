package org.contactsync.broker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses of an external broker, and how to connect to it.
 *
 * @param hosts one active broker and its backups, each as {@code host:port}; at least one
 * @param tls whether the connection is encrypted and the broker's certificate and host name are checked
 * @param trustStore path of a PKCS#12 file with the certificates to trust, empty for those of the Java runtime
 * @param trustStorePassword its password, empty for none
 */
record ExternalBroker(List<String> hosts, boolean tls, String trustStore, String trustStorePassword) {
    static final int MAX_HOSTS = 8;

    ExternalBroker {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException("broker.hosts must name 1 to " + MAX_HOSTS + " brokers");
        }
        for (String host : hosts) {
            if (!host.matches("[^:;=, ]+:[0-9]{1,5}")) {
                throw new IllegalArgumentException("broker.hosts must be host:port[,host:port], not " + host);
            }
        }
    }

    /** Reads {@code host:port[,host:port…]}. */
    static ExternalBroker of(String hosts, boolean tls, String trustStore, String trustStorePassword) {
        return new ExternalBroker(
                Arrays.stream(hosts.split(",", -1)).map(String::strip).toList(), tls, trustStore, trustStorePassword);
    }

    /** The connector class, once per host, in Artemis' comma-separated form. */
    String connectorClassNames(String connectorClassName) {
        return String.join(",", java.util.Collections.nCopies(hosts.size(), connectorClassName));
    }

    /** The parameters of each host's connector, in Artemis' form {@code key=value;key=value,…}. */
    String connectionParameters() {
        return String.join(",", hosts.stream().map(this::parameters).toList());
    }

    private String parameters(String host) {
        int colon = host.indexOf(':');
        List<String> parameters = new ArrayList<>();
        parameters.add("host=" + host.substring(0, colon));
        parameters.add("port=" + host.substring(colon + 1));
        if (tls) {
            parameters.add("sslEnabled=true");
            parameters.add("verifyHost=true");
            if (!trustStore.isEmpty()) {
                parameters.add("trustStorePath=" + trustStore);
                parameters.add("trustStoreType=PKCS12");
                if (!trustStorePassword.isEmpty()) {
                    parameters.add("trustStorePassword=" + trustStorePassword);
                }
            }
        }
        return String.join(";", parameters);
    }
}
