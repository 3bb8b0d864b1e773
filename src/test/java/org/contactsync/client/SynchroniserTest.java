package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.Conflicting;
import org.contactsync.client.PushResult.NeedsConfirmation;
import org.contactsync.client.PushResult.Planned;
import org.contactsync.client.PushResult.Refused;
import org.contactsync.client.PushResult.Summary;
import org.contactsync.client.PushResult.Way;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.RetryPolicyTest;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynchroniserTest {
    private static final RetryPolicy BRIEF = new RetryPolicy(2, 3, Duration.ZERO, Duration.ZERO);

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:15:30Z"), ZoneOffset.UTC);

    private FakeServer server;

    @TempDir
    Path states;

    private final TreeMap<Uid, CanonicalCard> phone = new TreeMap<>();
    private final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        for (FoundContact contact : MadeBooks.contacts(1, 15)) {
            phone.put(contact.uid(), contact.card());
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsASmallBookInOneRequest() throws Exception {
        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.added()).isEqualTo(15);
        assertThat(summary.way()).isEqualTo(Way.ONE_REQUEST);
        assertThat(summary.checkCode()).isEqualTo(server.checkCode());
        assertThat(server.takeRequests())
                .containsExactly("GET /v1/book", "GET /v1/capabilities", "PATCH /v1/book/contacts");
    }

    @Test
    void costsOneRequestWhenNothingHasChanged() throws Exception {
        pushAndAgree();
        server.takeRequests();

        Summary summary = pushAndAgree();

        assertThat(server.takeRequests()).containsExactly("GET /v1/book");
        assertThat(summary.unchanged()).isEqualTo(15);
        assertThat(summary.requests()).isEqualTo(1);
    }

    @Test
    void sendsOnlyTheDifferenceAfterAnEdit() throws Exception {
        pushAndAgree();
        Uid changed = uid(3);
        phone.put(changed, card(100));
        phone.remove(uid(5));
        phone.put(new Uid("new"), card(101));

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(List.of(summary.added(), summary.changed(), summary.deleted(), summary.unchanged()))
                .containsExactly(1, 1, 1, 13);
    }

    @Test
    void sendsALargeBookInChunks() throws Exception {
        have(55);

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.way()).isEqualTo(Way.CHUNKS);
        assertThat(server.takeRequests())
                .filteredOn(request -> request.startsWith("PUT"))
                .hasSize(6);
    }

    @Test
    void goesOnWithAnUploadInTheMiddleAfterAKill() throws Exception {
        have(55);
        server.swallow((request, times) -> request.endsWith("/chunks/4"));
        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);
        server.swallow((request, times) -> false);
        server.takeRequests();

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.takeRequests())
                .contains("GET /v1/sync-tasks/task-1", "PUT /v1/sync-tasks/task-1/chunks/4")
                .doesNotContain("POST /v1/sync-tasks", "PUT /v1/sync-tasks/task-1/chunks/3");
    }

    @Test
    void doesNotLoseAChunkWhoseAcknowledgementWasLost() throws Exception {
        have(55);
        server.loseAnswers((request, times) -> request.endsWith("/chunks/2"));
        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);
        server.loseAnswers((request, times) -> false);

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
    }

    @Test
    void takesAnUploadBackWhenTheBookWasEditedMeanwhile() throws Exception {
        have(55);
        server.swallow((request, times) -> request.endsWith("/chunks/4"));
        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);
        server.swallow((request, times) -> false);
        phone.put(uid(3), card(100));
        server.takeRequests();

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.takeRequests()).contains("DELETE /v1/sync-tasks/task-1", "POST /v1/sync-tasks");
    }

    /** Protocol 7.3. */
    @Test
    void repeatsARequestWhoseAnswerWasLostWithTheSameKey() throws Exception {
        server.loseAnswers((request, times) -> request.startsWith("PATCH") && times == 1);

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.takeRequests())
                .filteredOn("PATCH /v1/book/contacts"::equals)
                .hasSize(2);
    }

    /** Protocol §5.3 and §7.4. */
    @Test
    void repeatsAfterAFaultOfTheServerNotSoonerThanItAsks() throws Exception {
        server.failFor(2, 500, "internal-error", "7", request -> request.startsWith("PATCH"));

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(pauses).hasSize(2).allMatch(RetryPolicyTest.isUpToHalfMoreThan(Duration.ofSeconds(7)));
    }

    /** Protocol §3.13. */
    @Test
    void saysWhetherAPersonWaits() throws Exception {
        push(new PhoneBook(phone, Set.of()), PushOptions.USUAL);
        phone.put(uid(1), card(200));
        push(new PhoneBook(phone, Set.of()), new PushOptions(false, false, false, OnConflict.FILE, Priority.USER));

        assertThat(server.priorities()).containsExactly(Optional.empty(), Optional.of("u=2"));
    }

    @Test
    void doesNotWaitForAServerThatAsksForHours() throws Exception {
        server.failFor(1, 503, "unavailable", "7200", request -> request.startsWith("PATCH"));

        assertThat(push()).isInstanceOf(Refused.class);
        assertThat(pauses).isEmpty();

        pushAndAgree();
    }

    /** Protocol 7.3. */
    @Test
    void keepsTheKeyWhenTheServerFailsAgainAndAgain() throws Exception {
        server.failFor(3, 500, "internal-error", "0", request -> request.startsWith("PATCH"));

        assertThat(push()).isInstanceOf(Refused.class);
        pushAndAgree();

        assertThat(server.keys()).hasSize(1);
    }

    /** Protocol §7.2. */
    @Test
    void followsTheTaskOfAKeyThatIsInProgress() throws Exception {
        server.applyAfterPolls(3);
        server.loseAnswers((request, times) -> request.startsWith("PATCH") && times == 1);

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.keys()).hasSize(1);
    }

    @Test
    void asksForTheWaitingTaskAfterAKillAndDoesNotSendAgain() throws Exception {
        server.applyAfterPolls(3);
        server.swallow((request, times) -> request.startsWith("GET /v1/sync-tasks/"));
        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);
        server.swallow((request, times) -> false);
        server.takeRequests();

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.takeRequests())
                .contains("GET /v1/sync-tasks/queued-1")
                .doesNotContain("PATCH /v1/book/contacts");
    }

    @Test
    void startsAgainOnceWithANewKeyWhenTheServerGaveTheTaskUp() throws Exception {
        server.failFor(1, 409, "task-failed", "0", request -> request.startsWith("PATCH"));

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(server.keys()).hasSize(2);
    }

    /** Protocol 4.3.11: a person has to decide. */
    @Test
    void tellsOfALoopOfTwoDevicesAndDoesNotSendItAgain() throws Exception {
        server.failFor(9, 409, "sync-loop", "0", request -> request.startsWith("PATCH"));

        assertThat(push())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("sync-loop"));

        assertThat(server.takeRequests())
                .filteredOn(request -> request.startsWith("PATCH"))
                .hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void stopsWhenTheServerGivesTheTaskUpTwice() throws Exception {
        server.failFor(9, 409, "task-failed", "0", request -> request.startsWith("PATCH"));

        assertThat(push()).isInstanceOf(Refused.class);

        assertThat(server.keys()).hasSize(2);
        assertThat(server.book()).isEmpty();
    }

    @Test
    void findsOutAfterAKillThatTheRequestHadArrived() throws Exception {
        server.loseAnswers((request, times) -> request.startsWith("PATCH"));
        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);
        server.loseAnswers((request, times) -> false);
        phone.remove(uid(2));

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.deleted()).isEqualTo(1);
    }

    @Test
    void keepsContactsThatAnotherDeviceAdded() throws Exception {
        pushAndAgree();
        Uid theirs = new Uid("theirs");
        server.put(theirs, card(200));
        phone.remove(uid(1));

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsKey(theirs).hasSize(15).doesNotContainKey(uid(1));
        assertThat(summary.unknown()).isEqualTo(1);
        assertThat(summary.checkCode()).isEqualTo(server.checkCode());
    }

    @Test
    void leavesAContactThatOnlyAnotherDeviceChanged() throws Exception {
        pushAndAgree();
        server.put(uid(1), card(200));
        phone.put(uid(2), card(201));

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), card(200)).containsEntry(uid(2), card(201));
        assertThat(summary.theirs()).containsExactly(uid(1));
    }

    @Test
    void sendsAContactThatBothChangedAndKeepsTheOtherCard() throws Exception {
        changeOnBothSides();

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), card(201));
        assertThat(summary.conflicts()).containsExactly(uid(1));
        Path kept = summary.overwritten().orElseThrow();
        assertThat(kept).hasParent(states.toAbsolutePath()).hasFileName("conflicts-20261122T101530.000Z.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(BookJson.read(Files.readAllBytes(kept)))
                .extracting(FoundContact::uid, FoundContact::card)
                .containsExactly(tuple(uid(1), card(200)));
        assertThat(pushAndAgree().conflicts()).isEmpty();
    }

    /** The file shows what was overwritten, what took its place, and what both sides had before. */
    @Test
    void theFileOfConflictsShowsAllThreeCards() throws Exception {
        pushAndAgree();
        CanonicalCard base = phone.get(uid(1));
        server.put(uid(1), card(199));
        server.put(uid(1), card(200));
        phone.put(uid(1), card(201));

        Path kept = pushAndAgree().overwritten().orElseThrow();

        try (JsonReader json = Json.createReader(Files.newBufferedReader(kept))) {
            JsonObject conflict = json.readArray().getJsonObject(0);
            assertThat(CardJson.card(conflict.getJsonObject("card"))).isEqualTo(card(200));
            assertThat(CardJson.card(conflict.getJsonObject("kept"))).isEqualTo(card(201));
            assertThat(CardJson.card(conflict.getJsonObject("ancestor"))).isEqualTo(base);
        }
    }

    /** Protocol 4.3.12: what the phone has is not lost, also if the same is pushed again. */
    @Test
    void handsItsOwnCardOverWhereTheServersIsKept() throws Exception {
        changeOnBothSides();
        phone.put(uid(2), card(202));

        push(new PhoneBook(phone, Set.of()), onConflict(OnConflict.SERVER));
        push(new PhoneBook(phone, Set.of()), onConflict(OnConflict.SERVER));

        assertThat(server.versions(uid(1)))
                .filteredOn(PastVersion::lost)
                .extracting(version -> version.content().card())
                .containsExactly(card(201));
        assertThat(server.book()).containsEntry(uid(1), card(200)).containsEntry(uid(2), card(202));
    }

    @Test
    void keepsTheOtherCardBeforeItSendsItsOwn() throws Exception {
        changeOnBothSides();
        server.swallow((request, times) -> request.startsWith("PATCH"));

        assertThatThrownBy(this::push).isInstanceOf(ServerUnreachable.class);

        assertThat(states.resolve("conflicts-20261122T101530.000Z.json")).exists();
    }

    @Test
    void keepsACardThatAnotherDeviceMadeAtTheLastMoment() throws Exception {
        pushAndAgree();
        phone.put(uid(1), card(201));
        server.beforeNextPatch(() -> server.put(uid(1), card(200)));

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), card(201));
        assertThat(summary.conflicts()).containsExactly(uid(1));
    }

    @Test
    void keepsTheOtherCardInAFullUploadToo() throws Exception {
        changeOnBothSides();
        server.answerWith(409, "result-code-mismatch", request -> request.startsWith("PATCH"));

        Summary summary = pushAndAgree();

        assertThat(summary.way()).isEqualTo(Way.REPLACE);
        assertThat(summary.conflicts()).containsExactly(uid(1));
        assertThat(summary.overwritten()).isPresent();
    }

    @Test
    void keepsManyOtherCards() throws Exception {
        have(80);
        MadeBooks.contacts(2, 80).forEach(contact -> server.put(contact.uid(), card(200)));

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(BookJson.read(Files.readAllBytes(summary.overwritten().orElseThrow())))
                .hasSize(80);
    }

    @Test
    void leavesTheServersCardWhenToldSo() throws Exception {
        changeOnBothSides();
        phone.put(uid(2), card(202));

        PushResult result = push(new PhoneBook(phone, Set.of()), onConflict(OnConflict.SERVER));

        assertThat(result).isInstanceOf(Agreed.class);
        assertThat(((Agreed) result).summary().conflicts()).containsExactly(uid(1));
        assertThat(((Agreed) result).summary().overwritten()).isEmpty();
        assertThat(server.book()).containsEntry(uid(1), card(200)).containsEntry(uid(2), card(202));
    }

    @Test
    void sendsNothingWhenToldToStopAtAConflict() throws Exception {
        changeOnBothSides();
        phone.put(uid(2), card(202));
        server.takeRequests();

        assertThat(push(new PhoneBook(phone, Set.of()), onConflict(OnConflict.STOP)))
                .isEqualTo(new Conflicting(List.of(uid(1))));
        assertThat(server.takeRequests()).doesNotContain("PATCH /v1/book/contacts");
    }

    @Test
    void takesACardThatItNeverAgreedOnForAConflict() throws Exception {
        server.put(uid(1), card(200));

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.conflicts()).containsExactly(uid(1));
    }

    @Test
    void bringsBackAContactThatAnotherDeviceDeleted() throws Exception {
        pushAndAgree();
        server.delete(uid(1));

        pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
    }

    @Test
    void doesNotDeleteAContactThatAnotherDeviceChanged() throws Exception {
        pushAndAgree();
        server.put(uid(1), card(200));
        phone.remove(uid(1));

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), card(200));
        assertThat(summary.theirs()).hasSize(1);
    }

    @Test
    void doesNotDeleteWhatCouldNotBeReadFromTheFile() throws Exception {
        pushAndAgree();
        CanonicalCard card = phone.remove(uid(1));

        PushResult result = push(new PhoneBook(phone, Set.of(uid(1))), PushOptions.USUAL);

        assertThat(result).isInstanceOf(Agreed.class);
        assertThat(server.book()).containsEntry(uid(1), card);
    }

    @Test
    void repairsWithWhatTheRefusalTells() throws Exception {
        pushAndAgree();
        phone.put(uid(2), card(201));
        server.beforeNextPatch(() -> server.put(new Uid("theirs"), card(200)));
        server.takeRequests();

        pushAndAgree();

        assertThat(server.book()).containsEntry(uid(2), card(201)).containsKey(new Uid("theirs"));
        assertThat(server.takeRequests())
                .containsExactly(
                        "GET /v1/book",
                        "GET /v1/capabilities",
                        "PATCH /v1/book/contacts",
                        "GET /v1/book",
                        "PATCH /v1/book/contacts");
    }

    /** Protocol 10.2 and 10.5. */
    @Test
    void repairsByTheDigestTreeWhenTheChangesAreForgotten() throws Exception {
        have(200);
        List<Uid> uids = List.copyOf(phone.keySet());
        pushAndAgree();
        server.forgetChanges();
        server.put(new Uid("theirs"), card(200));
        server.delete(uids.get(7));
        phone.put(uids.get(2), card(201));
        server.takeRequests();

        Summary summary = pushAndAgree();

        assertThat(server.book()).hasSize(201).containsEntry(uids.get(2), card(201));
        assertThat(summary.repairs()).isEqualTo(1);
        assertThat(server.takeRequests())
                .contains("GET /v1/book/digests", "GET /v1/book/digests/entries")
                .doesNotContain("GET /v1/book/contacts");
    }

    /** Protocol 10.3. */
    @Test
    void beginsARepairAgainWhenTheBookChangesMeanwhile() throws Exception {
        have(200);
        Uid changed = phone.firstKey();
        pushAndAgree();
        server.forgetChanges();
        server.put(new Uid("theirs"), card(200));
        phone.put(changed, card(201));
        // refuses nothing: another device is faster between the tree and its entries
        server.answerWith(500, "internal-error", request -> {
            if (request.equals("GET /v1/book/digests/entries") && !server.book().containsKey(new Uid("later"))) {
                server.put(new Uid("later"), card(202));
            }
            return false;
        });
        server.takeRequests();

        pushAndAgree();

        assertThat(server.book()).containsEntry(changed, card(201)).containsKeys(new Uid("theirs"), new Uid("later"));
        assertThat(server.takeRequests())
                .filteredOn("GET /v1/book/digests"::equals)
                .hasSize(2);
    }

    /** Protocol 10.4 and 11.6. */
    @Test
    void uploadsTheWholeBookAtLastAndKeepsWhatOthersHave() throws Exception {
        pushAndAgree();
        server.put(new Uid("theirs"), card(200));
        phone.put(uid(2), card(201));
        server.answerWith(409, "result-code-mismatch", request -> request.startsWith("PATCH"));

        Summary summary = pushAndAgree();

        assertThat(summary.way()).isEqualTo(Way.REPLACE);
        assertThat(server.book()).hasSize(16).containsEntry(uid(2), card(201)).containsKey(new Uid("theirs"));
    }

    @Test
    void readsAListingAgainThatWasCutShort() throws Exception {
        Uid last = uidSortedLast();
        server.put(last, card(200));
        server.cutListings(2);
        server.answerWith(409, "result-code-mismatch", request -> request.startsWith("PATCH"));

        Summary summary = pushAndAgree();

        assertThat(summary.way()).isEqualTo(Way.REPLACE);
        assertThat(server.book()).hasSize(16).containsEntry(last, card(200));
    }

    @Test
    void uploadsNothingWhenTheListingStaysCutShort() throws Exception {
        Uid last = uidSortedLast();
        server.put(last, card(200));
        server.cutListings(Integer.MAX_VALUE);
        server.answerWith(409, "result-code-mismatch", request -> request.startsWith("PATCH"));

        assertThatThrownBy(this::push)
                .isInstanceOf(ServerRefusal.class)
                .hasMessageContaining("listing-incomplete")
                .hasMessageContaining("nothing was uploaded");
        assertThat(server.book()).containsOnlyKeys(last);
        assertThat(server.takeRequests()).doesNotContain("POST /v1/sync-tasks");
    }

    @Test
    void replacesEverythingWhenAsked() throws Exception {
        pushAndAgree();
        server.put(new Uid("theirs"), card(200));

        PushResult result = push(
                new PhoneBook(phone, Set.of()),
                new PushOptions(true, false, false, OnConflict.FILE, Priority.BACKGROUND));

        assertThat(result).isInstanceOf(Agreed.class);
        assertThat(server.book()).isEqualTo(phone);
    }

    @Test
    void sendsAgainWhatTheServerLostInARestore() throws Exception {
        pushAndAgree();
        FakeServer.Backup backup = server.backup();
        phone.put(uid(1), card(200));
        phone.put(new Uid("new"), card(201));
        pushAndAgree();
        server.restore(backup);

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.theirs()).isEmpty();
        assertThat(summary.conflicts()).isEmpty();
    }

    /** Its seq is that of the client again, or a higher one: neither tells of the restore. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void sendsAgainWhatTheServerLostThoughOthersHaveGoneOn(int changes) throws Exception {
        pushAndAgree();
        FakeServer.Backup backup = server.backup();
        phone.put(uid(1), card(200));
        pushAndAgree();
        server.restore(backup);
        for (int i = 0; i < changes; i++) {
            server.put(new Uid("theirs-" + i), card(201));
        }

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsAllEntriesOf(phone).hasSize(15 + changes);
        assertThat(summary.theirs()).isEmpty();
        assertThat(summary.conflicts()).isEmpty();
    }

    /** A book that changes and changes back during the survey is not one that was restored: the feed led elsewhere then. */
    @Test
    void takesOverWhatOthersChangedThoughTheBookGoesBackAndForthMeanwhile() throws Exception {
        pushAndAgree();
        server.put(uid(1), card(300));
        Uid passing = new Uid("passing");
        server.beforeNext("GET /v1/book/changes", () -> server.put(passing, card(301)));
        server.beforeNext("GET /v1/book/digests", () -> server.delete(passing));

        Summary summary = pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), card(300)).doesNotContainKey(passing);
        assertThat(summary.theirs()).extracting(Object::toString).anyMatch(each -> each.contains(uid(1).value()));
    }

    @Test
    void sendsAgainWhatTheServerLostWhenItsKeyChangedAsWell() throws Exception {
        pushAndAgree();
        FakeServer.Backup backup = server.backup();
        phone.put(uid(1), card(200));
        pushAndAgree();
        server.restore(backup);
        server.changeKey();

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.conflicts()).isEmpty();
    }

    /** Protocol 4.23.4. */
    @Test
    void doesNotFillAnErasedAccountAgainWithoutBeingAsked() throws Exception {
        FakeServer.Backup empty = server.backup();
        pushAndAgree();
        server.restore(empty);
        server.changeKey();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::push)
                    .isInstanceOfSatisfying(
                            ServerRefusal.class,
                            e -> assertThat(e.problem().code()).isEqualTo("account-began-anew"));
            assertThat(server.book()).isEmpty();
        }

        PushOptions anew = new PushOptions(false, false, false, true, OnConflict.FILE, Priority.BACKGROUND);
        assertThat(push(new PhoneBook(phone, Set.of()), anew)).isInstanceOf(Agreed.class);
        assertThat(server.book()).isEqualTo(phone);
        pushAndAgree();
    }

    @Test
    void deletesNothingAfterARestore() throws Exception {
        pushAndAgree();
        FakeServer.Backup backup = server.backup();
        CanonicalCard deletedBefore = phone.remove(uid(1));
        pushAndAgree();
        server.restore(backup);
        CanonicalCard deletedAfter = phone.remove(uid(2));

        Summary summary = pushAndAgree();
        pushAndAgree();

        assertThat(server.book()).containsEntry(uid(1), deletedBefore).containsEntry(uid(2), deletedAfter);
        assertThat(summary.deleted()).isZero();
        assertThat(summary.unknown()).isEqualTo(2);
    }

    @Test
    void keepsTheServersCardOfAContactEditedAfterARestore() throws Exception {
        pushAndAgree();
        FakeServer.Backup backup = server.backup();
        phone.put(uid(1), card(200));
        pushAndAgree();
        server.restore(backup);
        phone.put(uid(1), card(201));

        Summary summary = pushAndAgree();

        assertThat(server.book()).isEqualTo(phone);
        assertThat(summary.conflicts()).containsExactly(uid(1));
        assertThat(BookJson.read(Files.readAllBytes(summary.overwritten().orElseThrow())))
                .extracting(FoundContact::card)
                .containsExactly(backup.book().get(uid(1)));
    }

    @Test
    void startsOverWithoutDeletingWhenTheStateIsLost() throws Exception {
        pushAndAgree();
        states = states.resolve("another");
        phone.remove(uid(1));

        Summary summary = pushAndAgree();

        assertThat(server.book()).hasSize(15);
        assertThat(summary.unknown()).isEqualTo(1);
    }

    @Test
    void asksBeforeItDeletesTheWholeBook() throws Exception {
        pushAndAgree();
        phone.clear();

        assertThat(push()).isEqualTo(new NeedsConfirmation(15, 15));
        assertThat(server.book()).hasSize(15);

        push(new PhoneBook(phone, Set.of()), new PushOptions(false, true, false, OnConflict.FILE, Priority.BACKGROUND));
        assertThat(server.book()).isEmpty();
    }

    @Test
    void changesNothingInADryRun() throws Exception {
        PushResult result = push(
                new PhoneBook(phone, Set.of()),
                new PushOptions(false, false, true, OnConflict.FILE, Priority.BACKGROUND));

        assertThat(result)
                .asInstanceOf(InstanceOfAssertFactories.type(Planned.class))
                .extracting(planned -> planned.summary().added())
                .isEqualTo(15);
        assertThat(server.book()).isEmpty();
        assertThat(states).isDirectoryNotContaining(path -> path.toString().endsWith(".json"));
    }

    @Test
    void letsOnlyOneProcessWorkOnAnAccount() throws Exception {
        try (StateFile held = StateFile.open(states, server.account()).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(StateFile.open(states, server.account())).isEmpty();
        }
        assertThat(StateFile.open(states, server.account())).isPresent();
    }

    private void changeOnBothSides() throws Exception {
        pushAndAgree();
        server.put(uid(1), card(200));
        phone.put(uid(1), card(201));
    }

    private static PushOptions onConflict(OnConflict what) {
        return new PushOptions(false, false, false, what, Priority.BACKGROUND);
    }

    private Summary pushAndAgree() throws Exception {
        PushResult result = push();
        assertThat(result).isInstanceOf(Agreed.class);
        Summary summary = ((Agreed) result).summary();
        assertThat(summary.checkCode()).isEqualTo(server.checkCode());
        return summary;
    }

    private PushResult push() throws Exception {
        return push(new PhoneBook(phone, Set.of()), PushOptions.USUAL);
    }

    private PushResult push(PhoneBook book, PushOptions options) throws Exception {
        BookClient client = new BookClient(
                new Exchange(server.account(), http(), BRIEF, pauses::add, Progress.SILENT), Progress.SILENT);
        try (StateFile file = StateFile.open(states, server.account()).orElseThrow()) {
            return new Synchroniser(client, file, UUID::randomUUID, CLOCK, Progress.SILENT).push(book, options);
        }
    }

    /** A new one for each push: the server may have been another one. */
    HttpPort http() {
        return JdkHttp.to(server.account().server());
    }

    private void have(int contacts) {
        phone.clear();
        MadeBooks.contacts(2, contacts).forEach(contact -> phone.put(contact.uid(), contact.card()));
    }

    /** Of the book that each test begins with. */
    private static Uid uid(int index) {
        return MadeBooks.contacts(1, 15).get(index).uid();
    }

    /** The last of a listing. */
    private static Uid uidSortedLast() {
        return new Uid("~theirs");
    }

    /** A card that no made book has. */
    private static CanonicalCard card(int number) {
        return CanonicalCard.ofTrusted(
                ("{\"@type\":\"Card\",\"name\":{\"full\":\"Card " + number + "\"},\"version\":\"1.0\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
