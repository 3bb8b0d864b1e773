package org.contactsync.model;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.contactsync.client.FakeServer;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Progress;
import org.contactsync.protocol.DeviceId;

/** The real core behind a small HTTP server in this process. */
final class FakeSite implements Site {
    private static final Duration LEASE = Duration.ofMinutes(16);

    private final FakeServer server = new FakeServer();
    private final Wire wire = new Wire(server.account().server());
    private final Map<String, Exchange> exchanges = new HashMap<>();

    FakeSite() throws IOException {}

    @Override
    public void newUser() {
        server.renew();
    }

    @Override
    public Exchange exchange(String device) {
        return exchanges.computeIfAbsent(device, name -> exchange(wire.address(), name));
    }

    @Override
    public Exchange direct(String device) {
        return exchange(server.account().server(), device);
    }

    private static Exchange exchange(URI address, String device) {
        return new Exchange(
                new Account(address, "token-of-ada", Optional.of(new DeviceId(device))),
                Site.attempts(device),
                duration -> {},
                Progress.SILENT);
    }

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public void passLease() {
        server.pass(LEASE);
    }

    @Override
    public void expireFeed() {
        server.expireFeed();
    }

    @Override
    public Runnable backup() {
        FakeServer.Backup backup = server.backup();
        return () -> server.restore(backup);
    }

    @Override
    public boolean keepsBackups() {
        return true;
    }

    @Override
    public void close() {
        wire.close();
        server.close();
    }
}
