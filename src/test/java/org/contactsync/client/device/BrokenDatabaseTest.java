package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.contactsync.client.FakeServer;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.local.JdbcSqlite;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.client.local.Sql;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local database that cannot be written, and an error that nobody expects: whoever waits is told. */
class BrokenDatabaseTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path files;

    private final MemoryAddressBook phone = new MemoryAddressBook();
    private final List<SyncEvent> events = new CopyOnWriteArrayList<>();
    private volatile Optional<RuntimeException> fault = Optional.empty();
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        phone.put(new Uid("ada"), SyncTaskTest.card("{'name':{'full':'Ada'}}"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SyncClient open() throws IOException {
        return SyncClient.open(
                        server::account,
                        phone,
                        new FailingSql(JdbcSqlite.open(files.resolve("local.db"))),
                        files.resolve("local.lock"),
                        SyncOptions.USUAL.onRequestOnly())
                .listen(events::add);
    }

    @Test
    void theTaskGoesOnWhenTheDatabaseCanBeWrittenAgain() throws Exception {
        AtomicBoolean begun = new AtomicBoolean();
        try (SyncClient client = open()) {
            client.listen(event -> {
                if (event instanceof SyncEvent.Started && !begun.getAndSet(true)) {
                    fault = Optional.of(new LocalDatabaseFailure("local database: code=13"));
                }
            });
            CompletableFuture<SyncReport> report = client.sync();
            client.start();

            await().atMost(LONG).until(() -> count(SyncEvent.DatabaseFailed.class) > 0);
            assertThat(report).isNotDone();
            fault = Optional.empty();

            assertThat(report.get(60, TimeUnit.SECONDS).isAgreed()).isTrue();
            assertThat(count(SyncEvent.DatabaseFailed.class)).isEqualTo(1);
            assertThat(client.error()).isEmpty();
        }
        assertThat(server.book()).isEqualTo(phone.contacts());
    }

    @Test
    void anErrorOutsideOfATaskIsTheEndForAllWhoWait() throws Exception {
        try (SyncClient client = open()) {
            CompletableFuture<SyncReport> report = client.sync();
            fault = Optional.of(new IllegalStateException("unexpected"));
            client.start();

            assertThatThrownBy(() -> report.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("unexpected");
            await().atMost(LONG).until(() -> count(SyncEvent.Ended.class) == 1);
            assertThat(client.error()).containsInstanceOf(IllegalStateException.class);
            fault = Optional.empty();
            assertThatThrownBy(() -> client.sync().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    private long count(Class<? extends SyncEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    /** No transaction works while there is a fault. */
    private final class FailingSql implements Sql {
        private final Sql sql;

        FailingSql(Sql sql) {
            this.sql = sql;
        }

        @Override
        public int execute(String statement, Object... values) {
            return sql.execute(statement, values);
        }

        @Override
        public void query(String statement, RowVisitor visitor, Object... values) {
            sql.query(statement, visitor, values);
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            fault.ifPresent(failure -> {
                throw failure;
            });
            return sql.inTransaction(work);
        }

        @Override
        public void close() {
            sql.close();
        }
    }
}
