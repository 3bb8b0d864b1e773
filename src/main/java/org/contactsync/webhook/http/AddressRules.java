package org.contactsync.webhook.http;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.settings.Network;

/**
 * Which addresses may be connected to: public ones, and those of networks that the operator has allowed. The others are those that the IANA
 * special-purpose address registries (RFC 6890) do not call globally reachable, and addresses at which clouds serve metadata to their
 * instances.
 * Immutable.
 */
final class AddressRules {
    private static final List<Network> NOT_PUBLIC = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            // the wire server of Azure
            "168.63.129.16/32",
            // IETF protocols, among them Teredo, which has IPv4 addresses in it; documentation; 6to4, which has too
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /** All others of IPv6 are of the machine, the link, the site or a group, or translate an IPv4 address. */
    private static final Network GLOBAL = Network.parse("2000::/3");

    private static final int V6_BYTES = 16;

    private final List<Network> allowed;

    AddressRules(List<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    boolean allow(InetAddress address) {
        return contains(allowed, address) || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        return !contains(NOT_PUBLIC, address) && (address.getAddress().length < V6_BYTES || GLOBAL.contains(address));
    }

    private static boolean contains(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::parse).toList();
    }
}
