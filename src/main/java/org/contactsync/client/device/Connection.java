package org.contactsync.client.device;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.client.remote.BookClient;

/** What the tasks of a client have in common: the account, and the connection to its server. For one thread. */
final class Connection {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final SyncClient client;
    private final Clock clock;
    private Optional<Account> known = Optional.empty();
    private Optional<BookClient> connection = Optional.empty();
    private Instant connected = Instant.EPOCH;

    Connection(SyncClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Does one task. */
    SyncReport run(QueuedTask task) throws ServerUnreachable, ServerRefusal, IOException {
        Account account = client.account().get();
        if (known.filter(each -> !each.identity().equals(account.identity())).isPresent()) {
            throw new IllegalStateException("account: another user or server than before");
        }
        Progress progress = new TaskProgress(client::tell);
        BookClient book = connection(account, progress);
        Run run = new Run(client.database(), client.options(), clock, client::tell);
        Consent consent = Consent.of(task.options());
        return new SyncTask(book, client.book(), run, UUID::randomUUID, progress, consent, task.priority()).run();
    }

    /** One for many tasks, as long as the token is the same; a new one now and then asks for the server's limits again. */
    private BookClient connection(Account account, Progress progress) {
        boolean isOld = clock.instant().isAfter(connected.plus(LONGEST));
        if (connection.isEmpty() || isOld || !known.equals(Optional.of(account))) {
            Exchange exchange = new Exchange(account, client.http(), RetryPolicy.DEFAULT, Pause.SLEEPING, progress);
            connection = Optional.of(new BookClient(exchange, progress));
            connected = clock.instant();
            known = Optional.of(account);
        }
        return connection.get();
    }
}
