package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.device.SyncOptions.Mode;
import org.contactsync.client.device.SyncOptions.Winner;
import org.contactsync.client.device.SyncReport.Outcome.NeedsConfirmation;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One task of a device, over the real core with faults. */
class SyncTaskTest {
    private static final Uid ADA = new Uid("ada");

    @TempDir
    Path files;

    private FakeServer server;
    private final MemoryAddressBook phone = new MemoryAddressBook();
    private final MemoryAddressBook tablet = new MemoryAddressBook();
    private Device one;
    private Device other;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        one = new Device(server.account(), "phone", phone, files.resolve("phone.db"));
        other = new Device(server.account(), "tablet", tablet, files.resolve("tablet.db"));
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        server.close();
    }

    @Test
    void aSmallBookGoesThereAndToAnotherDevice() throws Exception {
        fill(phone, 15);

        assertThat(one.sync().isAgreed()).isTrue();
        assertThat(other.sync().brought()).isEqualTo(15);

        assertThat(server.book()).isEqualTo(phone.contacts());
        assertThat(tablet.contacts()).isEqualTo(phone.contacts());
    }

    @Test
    void aLargeBookGoesInChunksAndEverythingComesBackByPages() throws Exception {
        fill(phone, 75);

        one.sync();
        other.sync();

        assertThat(server.takeRequests())
                .filteredOn(request -> request.startsWith("PUT "))
                .hasSize(8);
        assertThat(server.book()).isEqualTo(phone.contacts());
        assertThat(tablet.contacts()).isEqualTo(phone.contacts());
    }

    /** Protocol 4.2.2. */
    @Test
    void costsOneRequestWhenNothingHasChanged() throws Exception {
        fill(phone, 15);
        one.sync();
        server.takeRequests();

        SyncReport report = one.sync();

        assertThat(server.takeRequests()).containsExactly("GET /v1/book");
        assertThat(report.sent() + report.brought()).isZero();
    }

    @Test
    void changesToDifferentFieldsAreBothKept() throws Exception {
        agreeOn("{'name':{'full':'Ada'},'phones':{'k1':{'number':'1'}}}");
        phone.put(ADA, card("{'name':{'full':'Ada King'},'phones':{'k1':{'number':'1'}}}"));
        tablet.put(ADA, card("{'name':{'full':'Ada'},'phones':{'k1':{'number':'1'},'k2':{'number':'2'}}}"));

        one.sync();
        SyncReport report = other.sync();
        one.sync();

        CanonicalCard both = card("{'name':{'full':'Ada King'},'phones':{'k1':{'number':'1'},'k2':{'number':'2'}}}");
        assertThat(server.book()).containsEntry(ADA, both);
        assertThat(phone.contacts()).containsEntry(ADA, both);
        assertThat(tablet.contacts()).containsEntry(ADA, both);
        assertThat(report.conflicts()).isZero();
    }

    @Test
    void ofTwoValuesForOneFieldTheLoserIsKeptAsACopy() throws Exception {
        agreeOn("{'name':{'full':'Ada'}}");
        phone.put(ADA, card("{'name':{'full':'Ada King'}}"));
        tablet.put(ADA, card("{'name':{'full':'Ada Byron'}}"));

        one.sync();
        other.sync();
        one.sync();

        assertThat(server.book()).containsEntry(ADA, card("{'name':{'full':'Ada Byron'}}"));
        assertThat(phone.contacts()).isEqualTo(tablet.contacts());
        assertThat(other.database.conflicts().all())
                .extracting(ConflictCopy::card)
                .containsExactly(card("{'name':{'full':'Ada King'}}"));
    }

    /** Protocol 4.3.12. */
    @Test
    void theOwnCardThatLosesIsHandedOver() throws Exception {
        agreeOn("{'name':{'full':'Ada'}}");
        other.options = other.options.with(Winner.SERVER);
        phone.put(ADA, card("{'name':{'full':'Ada King'}}"));
        tablet.put(ADA, card("{'name':{'full':'Ada Byron'}}"));

        one.sync();
        other.sync();

        assertThat(tablet.contacts()).containsEntry(ADA, card("{'name':{'full':'Ada King'}}"));
        assertThat(other.database.conflicts().all()).hasSize(1);
        assertThat(other.database.conflicts().notHandedOver()).isEmpty();
        assertThat(server.versions(ADA))
                .anyMatch(version -> version.content().card().equals(card("{'name':{'full':'Ada Byron'}}")));
    }

    /** Protocol 4.3.12: a task that waits is accepted without its lost cards. */
    @Test
    void aLostCardWhoseTaskHadToWaitIsHandedOverAgain() throws Exception {
        agreeOn("{'name':{'full':'Ada'}}");
        other.options = other.options.with(Winner.SERVER);
        phone.put(ADA, card("{'name':{'full':'Ada King'}}"));
        tablet.put(ADA, card("{'name':{'full':'Ada Byron'}}"));
        one.sync();
        BookClient third = new BookClient(server.account(), Device.BRIEF, pause -> {}, Progress.SILENT);
        UploadPlan plan = new UploadPlan(TaskKind.CHANGES, third.book().checkCode(), 2, 2, Optional.empty(), false);
        Reply<ReceivedTask> opened = third.taskClient().open(UUID.randomUUID(), RequestWriter.of(plan));
        String upload = ((Reply.Ok<ReceivedTask>) opened).value().id();
        Change some = new Change.Put(new Uid("bob"), card("{'name':{'full':'Bob'}}"), Optional.empty());
        third.taskClient().chunk(upload, 1, RequestWriter.chunk(TaskKind.CHANGES, List.of(some)));

        other.sync();

        assertThat(other.database.conflicts().notHandedOver()).hasSize(1);
        third.taskClient().cancel(upload);
        assertThat(server.takeRequests())
                .filteredOn(request -> request.startsWith("DELETE "))
                .as("the task that waited, and the upload")
                .hasSize(2);
        other.sync();
        assertThat(other.database.conflicts().notHandedOver()).isEmpty();
        assertThat(server.versions(ADA))
                .anyMatch(version -> version.content().card().equals(card("{'name':{'full':'Ada Byron'}}")));
    }

    @Test
    void anEditIsKeptWhenTheOtherSideDeletes() throws Exception {
        agreeOn("{'name':{'full':'Ada'}}");
        phone.remove(ADA);
        tablet.put(ADA, card("{'name':{'full':'Ada King'}}"));
        one.sync();
        assertThat(server.book()).isEmpty();

        other.sync();
        one.sync();

        assertThat(server.book()).containsEntry(ADA, card("{'name':{'full':'Ada King'}}"));
        assertThat(phone.contacts()).isEqualTo(tablet.contacts()).hasSize(1);
    }

    @Test
    void anEditThereIsKeptWhenThisSideDeletes() throws Exception {
        agreeOn("{'name':{'full':'Ada'}}");
        tablet.put(ADA, card("{'name':{'full':'Ada King'}}"));
        other.sync();
        phone.remove(ADA);

        one.sync();

        assertThat(phone.contacts()).containsEntry(ADA, card("{'name':{'full':'Ada King'}}"));
        assertThat(server.book()).isEqualTo(phone.contacts());
    }

    @Test
    void aDeletionGoesToAllDevices() throws Exception {
        fill(phone, 5);
        one.sync();
        other.sync();
        Uid gone = phone.contacts().keySet().iterator().next();
        phone.remove(gone);

        one.sync();
        other.sync();

        assertThat(server.book()).hasSize(4).doesNotContainKey(gone);
        assertThat(tablet.contacts()).isEqualTo(server.book());
    }

    /** Protocol 4.3.8. */
    @Test
    void deletingMostOfABookWaitsForAPerson() throws Exception {
        fill(phone, 25);
        one.sync();
        phone.contacts().keySet().stream().limit(20).forEach(phone::remove);

        SyncReport report = one.sync();
        assertThat(report.outcome()).isEqualTo(new NeedsConfirmation(false, 20, 25, 0));
        assertThat(server.book()).hasSize(25);

        assertThat(one.sync(true, Priority.USER).isAgreed()).isTrue();
        assertThat(server.book()).hasSize(5);
    }

    @Test
    void deletingMostOfThePhoneWaitsForAPerson() throws Exception {
        fill(phone, 25);
        one.sync();
        server.book().keySet().stream().limit(20).forEach(server::delete);

        assertThat(one.sync().outcome()).isEqualTo(new NeedsConfirmation(true, 20, 25, 0));
        assertThat(phone.contacts()).hasSize(25);

        one.sync(true, Priority.USER);
        assertThat(phone.contacts()).hasSize(5);
    }

    @Test
    void aBackupWritesNothingToThePhoneAndKeepsWhatOthersDid() throws Exception {
        one.options = one.options.with(Mode.BACKUP);
        fill(phone, 3);
        one.sync();
        other.sync();
        tablet.put(ADA, card("{'name':{'full':'Ada'}}"));
        other.sync();
        Map<Uid, CanonicalCard> before = phone.contacts();

        SyncReport report = one.sync();

        assertThat(report.isAgreed()).isTrue();
        assertThat(phone.contacts()).isEqualTo(before);
        assertThat(server.book()).hasSize(4);
        one.options = one.options.with(Mode.TWO_WAY);
        one.sync();
        assertThat(phone.contacts()).isEqualTo(server.book());
    }

    @Test
    void anEmptyDatabaseRecognisesTheContactsAndUploadsNothingTwice() throws Exception {
        fill(phone, 30);
        one.sync();
        MemoryAddressBook again = new MemoryAddressBook();
        int number = 0;
        for (CanonicalCard card : phone.contacts().values()) {
            again.put(new Uid("native-" + number++), card);
        }
        server.takeRequests();
        try (Device reinstalled = new Device(server.account(), "phone", again, files.resolve("new.db"))) {
            SyncReport report = reinstalled.sync();

            assertThat(report.sent()).isZero();
            assertThat(report.brought()).isZero();
            assertThat(server.takeRequests()).noneMatch(request -> request.contains("contacts"));
            assertThat(server.book()).hasSize(30);
            assertThat(again.contacts()).hasSize(30);

            again.put(new Uid("native-7"), card("{'name':{'full':'Edited'}}"));
            assertThat(reinstalled.sync().sent()).isEqualTo(1);
            assertThat(server.book()).hasSize(30);
        }
    }

    @Test
    void aContactThatThePhoneShowsOtherwiseIsRecognisedByNameAndNumber() throws Exception {
        server.put(
                ADA, card("{'name':{'full':'Ada'},'phones':{'k1':{'number':'+44 20'}},'notes':{'k1':{'note':'x'}}}"));
        phone.put(new Uid("native"), card("{'name':{'full':'Ada'},'phones':{'p':{'number':'+4420'}}}"));

        one.sync();

        assertThat(server.book()).hasSize(1);
        assertThat(phone.contacts()).hasSize(1);
        phone.put(new Uid("native"), card("{'name':{'full':'Ada King'},'phones':{'p':{'number':'+4420'}}}"));
        one.sync();
        assertThat(server.book().get(ADA))
                .isEqualTo(
                        card(
                                "{'name':{'full':'Ada King'},'phones':{'k1':{'number':'+44 20'}},'notes':{'k1':{'note':'x'}}}"));
    }

    /** Protocol 10.2. */
    @Test
    void aServerThatWasSetBackGetsWhatItLost() throws Exception {
        fill(phone, 10);
        one.sync();
        FakeServer.Backup backup = server.backup();
        phone.put(ADA, card("{'name':{'full':'Ada'}}"));
        Uid first = MadeBooks.contacts(1, 1).get(0).uid();
        phone.put(first, card("{'name':{'full':'Edited'}}"));
        one.sync();
        server.restore(backup);

        one.sync();

        assertThat(phone.contacts()).hasSize(11).containsEntry(first, card("{'name':{'full':'Edited'}}"));
        assertThat(server.book()).isEqualTo(phone.contacts());
    }

    @Test
    void aBookWithAnotherKeyIsTheSameBook() throws Exception {
        fill(phone, 10);
        one.sync();
        server.changeKey();

        SyncReport report = one.sync();

        assertThat(report.isAgreed()).isTrue();
        assertThat(report.sent() + report.brought()).isZero();
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(10);
    }

    @Test
    void whoWasFasterIsTakenIn() throws Exception {
        fill(phone, 5);
        one.sync();
        server.beforeNextPatch(() -> server.put(new Uid("theirs"), card("{'name':{'full':'Theirs'}}")));
        phone.put(ADA, card("{'name':{'full':'Ada'}}"));

        SyncReport report = one.sync();

        assertThat(report.isAgreed()).isTrue();
        assertThat(report.rungs()).containsEntry(Rung.REBASE, 1);
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(7);
    }

    @Test
    void aFeedThatReachesNotFarEnoughIsReplacedByTheTree() throws Exception {
        fill(phone, 40);
        one.sync();
        server.put(ADA, card("{'name':{'full':'Ada'}}"));
        server.forgetChanges();

        SyncReport report = one.sync();

        assertThat(report.rungs()).containsEntry(Rung.TREE, 1);
        assertThat(phone.contacts()).isEqualTo(server.book()).containsKey(ADA);
    }

    /** Protocol 11.6. */
    @Test
    void theLadderEndsWithAFullUpload() throws Exception {
        fill(phone, 15);
        one.sync();
        phone.put(ADA, card("{'name':{'full':'Ada'}}"));
        server.answerWith(409, "result-code-mismatch", request -> request.startsWith("PATCH"));

        SyncReport report = one.sync();

        assertThat(report.isAgreed()).isTrue();
        assertThat(report.rungs()).isEqualTo(Map.of(Rung.REBASE, 1, Rung.TREE, 1, Rung.FULL_UPLOAD, 1));
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(16);
    }

    /** Protocol 7.3. */
    @Test
    void anAnswerThatIsLostIsAskedForWithTheSameKey() throws Exception {
        fill(phone, 5);
        server.loseAnswers((request, times) -> request.startsWith("PATCH"));
        assertThatThrownBy(one::sync).isInstanceOf(ServerUnreachable.class);
        server.loseAnswers((request, times) -> false);
        phone.put(ADA, card("{'name':{'full':'Ada'}}")); // after the request was made

        assertThat(one.sync().isAgreed()).isTrue();

        assertThat(server.keys()).hasSize(2); // one for each task
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(6);
    }

    /** Protocol 8.7. */
    @Test
    void anUploadGoesOnAtTheChunkWhereItWasInterrupted() throws Exception {
        fill(phone, 55);
        server.swallow((request, times) -> request.endsWith("/chunks/4"));
        assertThatThrownBy(one::sync).isInstanceOf(ServerUnreachable.class);
        server.swallow((request, times) -> false);
        server.takeRequests();

        one.sync();

        assertThat(server.takeRequests())
                .contains("PUT /v1/sync-tasks/task-1/chunks/4")
                .doesNotContain("PUT /v1/sync-tasks/task-1/chunks/3");
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(55);
    }

    private void agreeOn(String card) throws Exception {
        phone.put(ADA, card(card));
        one.sync();
        other.sync();
        assertThat(tablet.contacts()).isEqualTo(phone.contacts());
    }

    private static void fill(MemoryAddressBook book, int contacts) {
        for (FoundContact contact : MadeBooks.contacts(1, contacts)) {
            book.put(contact.uid(), contact.card());
        }
    }

    static CanonicalCard card(String json) {
        Card card = CardJson.card(json.replace('\'', '"')).orElseThrow();
        assertThat(new String(CanonicalCard.of(card).utf8(), StandardCharsets.UTF_8))
                .isNotEmpty();
        return CanonicalCard.of(card);
    }
}
