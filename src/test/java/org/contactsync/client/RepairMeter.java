package org.contactsync.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.Planned;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.contact.Uid;
import org.contactsync.it.TcpProxy;
import org.contactsync.protocol.Priority;

/**
 * Pushes a phone's book through a proxy that counts what crosses the socket, headers included. First in a dry run: what it costs to
 * find out what the server has. Then really, which finds it out again and sends what differs.
 */
public final class RepairMeter implements AutoCloseable {
    private static final RetryPolicy ONCE = new RetryPolicy(1, 1, Duration.ZERO, Duration.ZERO);

    private final TcpProxy proxy;
    private final Account account;

    /** @param account where the server is; the client reaches it through the proxy */
    public RepairMeter(Account account) {
        this.proxy = TcpProxy.to(account.server().getHost(), account.server().getPort());
        this.account = new Account(URI.create("http://127.0.0.1:" + proxy.port()), account.token(), account.device());
    }

    /** What crossed the socket both ways. */
    public record Cost(int requests, long sent, long received) {
        public long bytes() {
            return sent + received;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%d requests, %,d bytes (%,d there, %,d back)", requests, bytes(), sent, received);
        }
    }

    /** @param push the whole push, repair included */
    public record Repaired(Cost repair, Cost push, PushResult.Summary summary) {}

    /**
     * Finds out what the server has, and brings it what the phone has.
     *
     * @param states where the client has its state
     */
    public Repaired repair(Map<Uid, CanonicalCard> phone, Path states)
            throws ServerUnreachable, ServerRefusal, IOException {
        Cost repair = cost(phone, states, true).cost();
        Measured push = cost(phone, states, false);
        return new Repaired(repair, push.cost(), ((Agreed) push.result()).summary());
    }

    /** Pushes without a second look at the cost. */
    public void push(Map<Uid, CanonicalCard> phone, Path states) throws ServerUnreachable, ServerRefusal, IOException {
        cost(phone, states, false);
    }

    private record Measured(Cost cost, PushResult result) {}

    private Measured cost(Map<Uid, CanonicalCard> phone, Path states, boolean dryRun)
            throws ServerUnreachable, ServerRefusal, IOException {
        BookClient client = new BookClient(account, ONCE, pause -> {}, Progress.SILENT);
        long sent = proxy.sent();
        long received = proxy.received();
        try (StateFile file = StateFile.open(states, account).orElseThrow()) {
            PushResult result = new Synchroniser(client, file, UUID::randomUUID, Clock.systemUTC(), Progress.SILENT)
                    .push(
                            new PhoneBook(phone, Set.of()),
                            new PushOptions(false, false, dryRun, OnConflict.FILE, Priority.BACKGROUND));
            if (!(result instanceof Agreed || result instanceof Planned)) {
                throw new IllegalStateException("push: " + result);
            }
            return new Measured(new Cost(client.requests(), proxy.sent() - sent, proxy.received() - received), result);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}
