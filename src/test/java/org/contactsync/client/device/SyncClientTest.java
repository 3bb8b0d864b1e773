package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.contactsync.client.FakeServer;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as a program has it. */
class SyncClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path files;

    private final MemoryAddressBook phone = new MemoryAddressBook();
    private final List<SyncEvent> events = new CopyOnWriteArrayList<>();
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
        return SyncClient.open(server::account, phone, files.resolve("state"), SyncOptions.USUAL.onRequestOnly())
                .listen(events::add);
    }

    @Test
    void aChangeOfThePhoneIsCarriedOverByItself() throws Exception {
        try (SyncClient client = open().start()) {
            phone.put(new Uid("grace"), SyncTaskTest.card("{'name':{'full':'Grace'}}"));

            await().atMost(LONG).until(() -> server.book().equals(phone.contacts()));
            await().atMost(LONG).until(() -> client.unfinished().isEmpty());
        }
        assertThat(events).anyMatch(event -> event instanceof SyncEvent.Finished);
    }

    @Test
    void aSecondClientIsToldAndGetsItsReport() throws Exception {
        try (SyncClient first = open().start();
                SyncClient second = open()) {
            first.sync().get(60, TimeUnit.SECONDS);
            second.start();
            await().atMost(LONG)
                    .until(() -> events.stream().anyMatch(event -> event instanceof SyncEvent.WaitsForProcess));
            phone.put(new Uid("grace"), SyncTaskTest.card("{'name':{'full':'Grace'}}"));

            SyncReport report = second.sync().get(60, TimeUnit.SECONDS);

            assertThat(report.outcome()).isInstanceOf(SyncReport.Outcome.DoneElsewhere.class);
            first.close();
            assertThat(second.sync().get(60, TimeUnit.SECONDS).isAgreed()).isTrue();
            assertThat(server.book()).isEqualTo(phone.contacts());
        }
    }

    @Test
    void pausedNothingIsDoneAndNothingIsDeleted() throws Exception {
        try (SyncClient client = open().start()) {
            client.sync().get(60, TimeUnit.SECONDS);
            client.pause();
            phone.put(new Uid("grace"), SyncTaskTest.card("{'name':{'full':'Grace'}}"));
            CompletableFuture<SyncReport> report = client.sync();
            Thread.sleep(300);
            assertThat(report).isNotDone();
            assertThat(server.book()).hasSize(1);

            client.resume();

            report.get(60, TimeUnit.SECONDS);
            assertThat(server.book()).hasSize(2);
        }
    }

    /** A person who agreed to deletions yesterday, before the process was killed, is asked again today. */
    @Test
    void anAgreementOfAPersonEndsWithTheProcess() throws Exception {
        try (SyncClient client = open()) {
            client.syncConfirmingDeletes();
            client.syncBeginningAnew();
            assertThat(client.unfinished())
                    .extracting(QueuedTask::options)
                    .containsExactly("confirm-deletes", "begin-anew");
        }

        try (SyncClient client = open()) {
            assertThat(client.unfinished())
                    .hasSize(2)
                    .allMatch(task -> task.options().isEmpty());
            client.start();
            await().atMost(LONG).until(() -> client.unfinished().isEmpty());
        }
        assertThat(server.book()).isEqualTo(phone.contacts());
    }

    @Test
    void aWaitingTaskAndARunningOneAreCancelled() throws Exception {
        try (SyncClient client = open().start()) {
            client.pause();
            CompletableFuture<SyncReport> waiting = client.sync();
            QueuedTask task = client.unfinished().get(0);
            assertThat(client.cancel(task)).isTrue();
            assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);

            server.failFor(100, 503, "unavailable", "3", request -> true);
            client.resume();
            client.sync();
            await().atMost(LONG)
                    .until(() -> !client.unfinished().isEmpty()
                            && client.unfinished().get(0).isRunning());
            QueuedTask running = client.unfinished().get(0);
            assertThat(client.cancel(running)).isTrue();
            await().atMost(LONG).until(() -> client.unfinished().stream().noneMatch(each -> each.id() == running.id()));
        }
        assertThat(phone.contacts()).hasSize(1);
    }

    @Test
    void unfinishedTasksGoOnWhenTheClientIsOpenedAgain() throws Exception {
        try (SyncClient client = open()) {
            client.sync(); // nobody works on it yet
        }
        try (SyncClient client = open().start()) {
            await().atMost(LONG).until(() -> server.book().equals(phone.contacts()));
            await().atMost(LONG).until(() -> client.unfinished().isEmpty());
        }
    }
}
