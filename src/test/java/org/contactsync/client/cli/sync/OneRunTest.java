package org.contactsync.client.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncEvent;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.http.Account;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends {@code sync} before there is a report. */
class OneRunTest {
    private static final URI SERVER = URI.create("http://127.0.0.1:1");

    @TempDir
    Path files;

    @Test
    void endsWhenTheLocalDatabaseCannotBeWritten() throws Exception {
        OneRun run = new OneRun(CommandProgress.QUIET, FolderBook.at(files.resolve("contacts")), SERVER);
        Account account = new Account(SERVER, "token", Optional.empty());
        try (SyncClient client = SyncClient.open(
                () -> account, new MemoryAddressBook(), files.resolve("state"), SyncOptions.USUAL.onRequestOnly())) {
            run.event(new SyncEvent.DatabaseFailed(new LocalDatabaseFailure("local database: code=13")));

            assertThatThrownBy(() -> run.await(client, new CompletableFuture<>(), ""))
                    .isInstanceOfSatisfying(
                            Complaint.class,
                            complaint ->
                                    assertThat(Failure.of(complaint).exitCode()).isEqualTo(ExitCode.FAILED))
                    .hasMessageContaining("cannot be read or written (local database: code=13)")
                    .hasMessageEndingWith("then sync again: nothing is lost.");
        }
    }
}
