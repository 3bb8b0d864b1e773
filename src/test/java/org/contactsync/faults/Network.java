package org.contactsync.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A network namespace with three wires to this one: for requests, to the broker and to the database. A wire that is down drops
 * what is sent, and nobody is told. Needs the right to make namespaces. One thread at a time.
 */
final class Network implements AutoCloseable {
    private final String name;
    private final int block;

    /** What a wire is for. */
    enum Wire {
        REQUESTS,
        BROKER,
        DATABASE
    }

    private Network(String name, int block) {
        this.name = name;
        this.block = block;
    }

    /** @throws NotPermitted where namespaces may not be made */
    static Network make(Random random) {
        int block = random.nextInt(250);
        Network network = new Network("cs-" + ProcessHandle.current().pid() + "-" + block, block);
        List<String> add = List.of("ip", "netns", "add", network.name);
        if (Signals.run(add) != 0) {
            throw new NotPermitted("network namespaces may not be made here (" + String.join(" ", add) + ")");
        }
        try {
            network.ip("-n", network.name, "link", "set", "lo", "up");
            for (Wire wire : Wire.values()) {
                network.lay(wire);
            }
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** Put before a command, has it run inside. */
    List<String> inside() {
        return List.of("ip", "netns", "exec", name);
    }

    /** This side's address on a wire. */
    String outerAddress(Wire wire) {
        return address(wire, 1);
    }

    String innerAddress(Wire wire) {
        return address(wire, 2);
    }

    void down(Wire wire) {
        ip("link", "set", device(wire), "down");
    }

    void up(Wire wire) {
        ip("link", "set", device(wire), "up");
    }

    /** Removes it with its wires. */
    @Override
    public void close() {
        Signals.run(List.of("ip", "netns", "delete", name));
    }

    private void lay(Wire wire) {
        ip("link", "add", device(wire), "type", "veth", "peer", "name", "eth" + wire.ordinal(), "netns", name);
        ip("address", "add", outerAddress(wire) + "/30", "dev", device(wire));
        ip("-n", name, "address", "add", innerAddress(wire) + "/30", "dev", "eth" + wire.ordinal());
        up(wire);
        ip("-n", name, "link", "set", "eth" + wire.ordinal(), "up");
    }

    private String device(Wire wire) {
        return "cs%d-%d".formatted(block, wire.ordinal());
    }

    private String address(Wire wire, int host) {
        return "10.213.%d.%d".formatted(block, wire.ordinal() * 4 + host);
    }

    private void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        int code = Signals.run(command);
        if (code != 0) {
            throw new NotPermitted("exit code " + code + " of " + String.join(" ", command));
        }
    }
}
