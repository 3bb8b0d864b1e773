package org.contactsync.model;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Progress;
import org.contactsync.it.LibertyServer;
import org.contactsync.protocol.DeviceId;

/** The packaged service. Its uploads end soon when nobody continues them. */
final class ServiceSite implements Site {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

    private final Path directory = Files.createTempDirectory("devices-service");
    private final LibertyServer server = LibertyServer.in(directory)
            .with("UPLOAD_LEASE", LEASE.toString())
            .withDatabase("devices")
            .start();
    private final Wire wire = new Wire(server.uri(""));
    private final Map<String, Exchange> exchanges = new HashMap<>();
    private String token = "";

    ServiceSite() throws IOException {}

    @Override
    public void newUser() throws IOException {
        exchanges.clear();
        token = server.developmentToken("user-" + UUID.randomUUID());
    }

    @Override
    public Exchange exchange(String device) {
        return exchanges.computeIfAbsent(device, name -> exchange(wire.address(), name));
    }

    @Override
    public Exchange direct(String device) {
        return exchange(server.uri(""), device);
    }

    private Exchange exchange(URI address, String device) {
        return new Exchange(
                new Account(address, token, Optional.of(new DeviceId(device))),
                Site.attempts(device),
                ServiceSite::pause,
                Progress.SILENT);
    }

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public void passLease() {
        try {
            Thread.sleep(LEASE.plusMillis(200).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration asked) throws InterruptedException {
        Thread.sleep(Math.min(asked.toMillis(), LONGEST_PAUSE.toMillis()));
    }

    @Override
    public void close() {
        wire.close();
        server.close();
        Lab.deleteAll(directory);
    }
}
