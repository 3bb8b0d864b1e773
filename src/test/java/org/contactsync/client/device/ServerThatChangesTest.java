package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.device.SyncReport.Outcome.BeganAnew;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 10.2 and 4.23.4: a book that others are changing is not one that was set back, and an erased account is not filled by itself. */
class ServerThatChangesTest {
    private static final int CONTACTS = 10;
    private static final Uid FIRST = MadeBooks.contacts(1, 1).get(0).uid();
    private static final Uid SECOND = MadeBooks.contacts(1, 2).get(1).uid();

    @TempDir
    Path files;

    private final MemoryAddressBook phone = new MemoryAddressBook();
    private FakeServer server;
    private Device device;
    private int changes;

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
        device = new Device(server.account(), "phone", phone, files.resolve("phone.db"));
    }

    @AfterEach
    void stop() {
        device.close();
        server.close();
    }

    private void agree() throws Exception {
        for (FoundContact contact : MadeBooks.contacts(1, CONTACTS)) {
            phone.put(contact.uid(), contact.card());
        }
        device.sync();
    }

    private CanonicalCard edited() {
        return SyncTaskTest.card("{'name':{'full':'Edited " + ++changes + "'}}");
    }

    @Test
    void changesOfAnotherDeviceAreNotOverwrittenBecauseTheyComeWhileTheFeedIsRead() throws Exception {
        for (int times = 1; times <= 8; times++) {
            agree();
            server.put(FIRST, edited());
            editBeforeEachFeed(times);

            device.sync();
            device.sync();

            CanonicalCard last = SyncTaskTest.card("{'name':{'full':'Edited " + changes + "'}}");
            assertThat(server.book()).containsEntry(FIRST, last);
            assertThat(phone.contacts()).isEqualTo(server.book());
            assertThat(device.database.conflicts().all()).isEmpty();
        }
    }

    private void editBeforeEachFeed(int times) {
        server.beforeNext("GET /v1/book/changes", () -> {
            server.put(FIRST, edited());
            if (times > 1) {
                editBeforeEachFeed(times - 1);
            }
        });
    }

    /** The same while the tree is read, because the feed does not reach back far enough. */
    @Test
    void changesOfAnotherDeviceAreNotOverwrittenWhileTheTreeIsRead() throws Exception {
        agree();
        server.forgetChanges();
        server.put(FIRST, edited());
        server.beforeNext("GET /v1/book/digests", () -> server.put(FIRST, edited()));

        device.sync();
        device.sync();

        assertThat(server.book()).containsEntry(FIRST, SyncTaskTest.card("{'name':{'full':'Edited 2'}}"));
        assertThat(phone.contacts()).isEqualTo(server.book());
    }

    /** Others have gone on since: its seq is higher than the one that was agreed on. */
    @Test
    void aServerThatWasSetBackAndHasGoneOnGetsWhatItLost() throws Exception {
        agree();
        FakeServer.Backup backup = server.backup();
        phone.put(FIRST, edited());
        device.sync();
        server.restore(backup);
        for (int i = 0; i < 5; i++) {
            server.put(new Uid("theirs"), edited());
        }

        device.sync();

        assertThat(server.book())
                .hasSize(CONTACTS + 1)
                .containsEntry(FIRST, SyncTaskTest.card("{'name':{'full':'Edited 1'}}"));
        assertThat(phone.contacts()).isEqualTo(server.book());
    }

    @Test
    void anErasedAccountIsNotFilledAgainUntilAPersonSaysSo() throws Exception {
        FakeServer.Backup empty = server.backup();
        agree();
        server.restore(empty);
        server.changeKey();

        for (int i = 0; i < 2; i++) {
            phone.put(new Uid("new " + i), edited());
            assertThat(device.sync().outcome()).isEqualTo(new BeganAnew(CONTACTS));
            assertThat(device.sync(true, Priority.USER).outcome()).isEqualTo(new BeganAnew(CONTACTS));
            assertThat(server.book()).isEmpty();
            assertThat(phone.contacts()).hasSize(CONTACTS + 1 + i);
        }

        assertThat(device.sync(Consent.BEGIN_ANEW, Priority.USER).isAgreed()).isTrue();
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(CONTACTS + 2);
        assertThat(device.sync().isAgreed()).isTrue();
    }

    @Test
    void anErasedAccountThatAnotherDeviceHasBegunAnewIsNotFilledEither() throws Exception {
        FakeServer.Backup empty = server.backup();
        agree();
        server.restore(empty);
        server.changeKey();
        server.put(new Uid("theirs"), edited());

        assertThat(device.sync().outcome()).isEqualTo(new BeganAnew(CONTACTS));
        assertThat(server.book()).hasSize(1);
        assertThat(phone.contacts()).hasSize(CONTACTS);
    }

    /** The other device may have edited since: what this one has of an erased book is not newer. */
    @Test
    void inAnAccountThatAnotherDeviceHasFilledAgainTheServersCardStands() throws Exception {
        FakeServer.Backup empty = server.backup();
        agree();
        Map<Uid, CanonicalCard> before = server.book();
        server.restore(empty);
        server.changeKey();
        server.putAll(before);
        CanonicalCard newer = edited();
        server.put(FIRST, newer);
        CanonicalCard own = edited();
        phone.put(SECOND, own);

        assertThat(device.sync().isAgreed()).isTrue();

        assertThat(server.book()).hasSize(CONTACTS).containsEntry(FIRST, newer).containsEntry(SECOND, own);
        assertThat(phone.contacts()).isEqualTo(server.book());
        assertThat(device.database.conflicts().all())
                .extracting(ConflictCopy::card)
                .containsExactly(before.get(FIRST));
        assertThat(device.database.conflicts().notHandedOver()).isEmpty();
    }

    @Test
    void anUploadThatWasGoingOnDoesNotFillAnErasedAccount() throws Exception {
        FakeServer.Backup empty = server.backup();
        agree();
        for (FoundContact contact : MadeBooks.contacts(2, 55)) {
            phone.put(contact.uid(), contact.card());
        }
        server.swallow((request, times) -> request.endsWith("/chunks/4"));
        try {
            device.sync();
        } catch (ServerUnreachable interrupted) {
            server.swallow((request, times) -> false);
        }
        server.restore(empty);
        server.changeKey();

        assertThat(device.sync().outcome()).isEqualTo(new BeganAnew(CONTACTS));

        assertThat(server.book()).isEmpty();
    }
}
