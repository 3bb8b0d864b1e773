package org.contactsync.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A network in CIDR notation: {@code 10.20.0.0/16}, {@code fd12:3456::/32}. Immutable. */
public final class Network {
    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** @throws IllegalArgumentException unless it is an address, a slash and the number of its leading bits */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? "" : text.substring(0, slash);
        String length = text.substring(slash + 1);
        boolean literal = V4.matcher(address).matches() || V6.matcher(address).matches();
        if (!literal || !BITS.matcher(length).matches()) {
            throw new IllegalArgumentException("not a network: " + text);
        }
        try {
            // A literal: nothing is looked up.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int bits = Integer.parseInt(length);
            if (bits > bytes.length * Byte.SIZE) {
                throw new IllegalArgumentException("not a network: " + text);
            }
            return new Network(bytes, bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not a network: " + text, e);
        }
    }

    /** @throws IllegalArgumentException unless all are networks, separated by commas; an empty text has none */
    static List<Network> parseAll(String texts) {
        return Arrays.stream(texts.split(","))
                .filter(text -> !text.isEmpty())
                .map(Network::parse)
                .toList();
    }

    /** Whether the address is in it; false for one of the other family. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(prefix, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest) & 0xff;
        return rest == 0 || (prefix[whole] & mask) == (other[whole] & mask);
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
