package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.device.SyncReport;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two devices with the client library and the packaged service between them. Protocol 4.15, 9.4 and 11.2. */
@ExtendWith(SharedServer.class)
class LibraryIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LibertyServer server;
    private final String user = "library-" + UUID.randomUUID();

    @TempDir
    Path files;

    LibraryIT(LibertyServer server) {
        this.server = server;
    }

    @Test
    void twoDevicesAgreeByThemselves() throws Exception {
        MemoryAddressBook phone = new MemoryAddressBook();
        MemoryAddressBook tablet = new MemoryAddressBook();
        for (FoundContact contact : MadeBooks.contacts(1, 2_000)) {
            phone.put(contact.uid(), contact.card());
        }
        try (SyncClient one = open("phone", phone);
                SyncClient other = open("tablet", tablet)) {
            // The task that the start has begun may have sent them before.
            SyncReport report = one.sync().get(120, TimeUnit.SECONDS);
            assertThat(report.isAgreed()).isTrue();

            // Nobody asks the tablet: the server's event does.
            await().atMost(LONG).until(() -> tablet.contacts().equals(phone.contacts()));
            assertThat(tablet.contacts()).hasSize(2_000);

            List<FoundContact> made = MadeBooks.contacts(3, 2);
            tablet.put(new Uid("new"), made.get(0).card());
            CanonicalCard edited = made.get(1).card();
            Uid first = MadeBooks.contacts(1, 1).get(0).uid();
            phone.put(first, edited);
            phone.remove(MadeBooks.contacts(1, 2).get(1).uid());

            await().atMost(LONG)
                    .until(() -> tablet.contacts().equals(phone.contacts())
                            && phone.contacts().containsKey(new Uid("new"))
                            && Optional.of(edited)
                                    .equals(Optional.ofNullable(
                                            tablet.contacts().get(first))));
            assertThat(phone.contacts()).hasSize(2_000);
            assertThat(one.conflicts()).isEmpty();
            assertThat(one.sync().get(60, TimeUnit.SECONDS).checkCode())
                    .isEqualTo(other.sync().get(60, TimeUnit.SECONDS).checkCode());
        }
    }

    @Test
    void phonesThatUseTheSameNumbersForOtherPeopleKeepAllOfThem() throws Exception {
        MemoryAddressBook phone = new MemoryAddressBook();
        MemoryAddressBook tablet = new MemoryAddressBook();
        List<FoundContact> people = MadeBooks.contacts(5, 60);
        for (int i = 0; i < 40; i++) {
            phone.put(new Uid("" + i), people.get(i).card());
            tablet.put(new Uid("" + i), people.get(i + 20).card()); // 20 of them are on both
        }
        try (SyncClient one = open("phone", phone);
                SyncClient other = open("tablet", tablet)) {
            one.sync().get(60, TimeUnit.SECONDS);
            other.sync().get(60, TimeUnit.SECONDS);

            await().atMost(LONG)
                    .until(() -> cards(phone).equals(cards(tablet))
                            && cards(phone)
                                    .equals(people.stream()
                                            .map(FoundContact::card)
                                            .collect(Collectors.toSet())));
            assertThat(phone.contacts()).hasSize(60);
            assertThat(tablet.contacts()).hasSize(60);
            assertThat(one.conflicts()).isEmpty();
            assertThat(other.conflicts()).isEmpty();
        }
    }

    @Test
    void whatOneDeviceChangesAgainAndAgainIsNotOverwrittenByAnother() throws Exception {
        MemoryAddressBook phone = new MemoryAddressBook();
        MemoryAddressBook tablet = new MemoryAddressBook();
        List<FoundContact> versions = MadeBooks.contacts(7, 100);
        Uid edited = new Uid("edited");
        phone.put(edited, versions.get(0).card());
        try (SyncClient one = open("phone", phone);
                SyncClient other = open("tablet", tablet)) {
            one.sync().get(60, TimeUnit.SECONDS);
            other.sync().get(60, TimeUnit.SECONDS);
            CompletableFuture<SyncReport> reading = one.sync();
            for (FoundContact version : versions) {
                tablet.put(edited, version.card());
                other.sync().get(60, TimeUnit.SECONDS);
                if (reading.isDone()) {
                    reading = one.sync();
                }
            }
            reading.get(60, TimeUnit.SECONDS);
            one.sync().get(60, TimeUnit.SECONDS);
            other.sync().get(60, TimeUnit.SECONDS);

            CanonicalCard last = versions.get(99).card();
            assertThat(phone.contacts()).containsEntry(edited, last).hasSize(1);
            assertThat(tablet.contacts()).containsEntry(edited, last).hasSize(1);
            assertThat(one.conflicts()).isEmpty();
        }
    }

    /** Protocol 4.23.4. */
    @Test
    void anErasedAccountIsFilledAgainOnlyWhenAPersonSaysSo() throws Exception {
        MemoryAddressBook phone = new MemoryAddressBook();
        for (FoundContact contact : MadeBooks.contacts(9, 30)) {
            phone.put(contact.uid(), contact.card());
        }
        try (SyncClient client = open("phone", phone)) {
            client.sync().get(60, TimeUnit.SECONDS);
            BookClient other = new BookClient(account("web"), RetryPolicy.DEFAULT, Pause.SLEEPING, Progress.SILENT);
            other.accountClient().erase();

            assertThat(client.sync().get(60, TimeUnit.SECONDS).outcome())
                    .isEqualTo(new SyncReport.Outcome.BeganAnew(30));
            assertThat(other.book().count()).isZero();
            assertThat(phone.contacts()).hasSize(30);

            assertThat(client.syncBeginningAnew().get(60, TimeUnit.SECONDS).isAgreed())
                    .isTrue();
            assertThat(other.book().count()).isEqualTo(30);
        }
    }

    private static Set<CanonicalCard> cards(MemoryAddressBook book) {
        return Set.copyOf(book.contacts().values());
    }

    private Account account(String device) throws IOException {
        return new Account(server.uri(""), server.developmentToken(user), Optional.of(new DeviceId(device)));
    }

    private SyncClient open(String device, MemoryAddressBook book) throws IOException {
        Account account = account(device);
        SyncOptions onlyTold =
                new SyncOptions(SyncOptions.Mode.TWO_WAY, SyncOptions.Winner.DEVICE, Duration.ZERO, true);
        return SyncClient.open(() -> account, book, files.resolve(device), onlyTold)
                .start();
    }
}
