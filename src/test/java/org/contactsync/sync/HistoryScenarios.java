package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** What replaces a contact keeps it, until its time is over. */
public abstract class HistoryScenarios {
    private static final Bounds ALL = new Bounds(Instant.EPOCH, 1_000_000, Long.MAX_VALUE / 2);

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");
    private final BookHistory history = service.store.history();
    private final HistoryRetention retention = service.store.historyRetention();

    protected abstract TestStore newStore();

    @Test
    void eachTaskThatChangesTheBookHasOneRow() {
        CheckCode empty = service.code(ADA);
        Instant at = service.now();
        apply(phone, put(1, "Ada"), put(2, "Bob"));
        CheckCode first = service.code(ADA);
        service.clock.pass(Duration.ofSeconds(1));
        apply(tablet, put(1, "Ada King"), delete(2));
        apply(tablet, put(1, "Ada King"));

        List<PastChange> changes = history.changes(id(), Long.MAX_VALUE, 10);
        assertThat(changes).extracting(PastChange::seq).containsExactly(2L, 1L);
        PastChange second = changes.get(0);
        assertThat(second.before()).isEqualTo(first);
        assertThat(second.after()).isEqualTo(service.code(ADA));
        assertThat(second.at()).isEqualTo(at.plusSeconds(1));
        assertThat(second.device().orElseThrow().value()).isEqualTo("tablet");
        assertThat(second.kind()).isEqualTo(TaskKind.INCREMENTAL);
        assertThat(List.of(second.puts(), second.deletes(), second.count())).containsExactly(1L, 1L, 1L);
        assertThat(changes.get(1).before()).isEqualTo(empty);
        assertThat(history.change(id(), 1)).contains(changes.get(1));
        assertThat(history.lastWithCode(id(), first)).contains(changes.get(1));
        assertThat(history.lastUntil(id(), at.plusMillis(999))).contains(changes.get(1));
        assertThat(history.lastUntil(id(), at.minusMillis(1))).isEmpty();
        assertThat(history.oldest(id())).contains(changes.get(1));
        assertThat(history.changes(id(), 2, 10)).containsExactly(changes.get(1));
    }

    @Test
    void whatIsReplacedOrDeletedIsKept() {
        apply(phone, put(1, "one"));
        apply(tablet, put(1, "two"));
        apply(phone, delete(1));
        apply(phone, put(1, "three"));
        apply(phone, put(2, "new"));

        List<PastVersion> versions = versions(1, Long.MAX_VALUE, 10);
        assertThat(versions).extracting(PastVersion::until).containsExactly(3L, 2L);
        assertThat(versions).extracting(version -> version.content().card()).containsExactly(card("two"), card("one"));
        assertThat(versions).extracting(version -> version.from()).containsExactly(2L, 1L);
        assertThat(versions.get(0).device().orElseThrow().value()).isEqualTo("tablet");
        assertThat(versions(1, 3, 10)).containsExactly(versions.get(1));
        assertThat(versions(1, Long.MAX_VALUE, 1)).containsExactly(versions.get(0));
        assertThat(versions(2, Long.MAX_VALUE, 10)).isEmpty();
    }

    /** Its delete may be waiting: then what it was before would be older than what is deleted. */
    @Test
    void theLastContentOfAContactInTheBookIsWhatItIs() {
        apply(phone, put(1, "one"));
        assertThat(lastCard(1)).contains(card("one"));
        apply(tablet, put(1, "two"));
        assertThat(lastCard(1)).contains(card("two"));
        assertThat(history.lastVersion(id(), service.book(ADA).generation(), uid(1))
                        .orElseThrow()
                        .content()
                        .card())
                .isEqualTo(card("one"));
        apply(phone, delete(1));
        assertThat(lastCard(1)).contains(card("two"));
        assertThat(lastCard(2)).isEmpty();
    }

    private Optional<CanonicalCard> lastCard(int n) {
        HistoryReadings readings = new HistoryReadings(service.store.books(), history);
        return readings.lastContent(ADA, uid(n)).orElseThrow().value().map(Content::card);
    }

    /** Many in one task are copied in few statements. */
    @Test
    void aTaskOfManyContactsKeepsAllOfThem() {
        apply(phone, IntStream.range(0, 150).mapToObj(n -> put(n, "a" + n)).toArray(Change[]::new));
        apply(
                phone,
                IntStream.range(0, 137)
                        .mapToObj(n -> n % 2 == 0 ? put(n, "b") : delete(n))
                        .toArray(Change[]::new));

        for (int n = 0; n < 150; n++) {
            assertThat(versions(n, Long.MAX_VALUE, 10)).hasSize(n < 137 ? 1 : 0);
        }
        assertThat(history.change(id(), 2).orElseThrow().puts()).isEqualTo(69);
        assertThat(history.change(id(), 2).orElseThrow().deletes()).isEqualTo(68);
    }

    @Test
    void aRefusedTaskLeavesNoTrace() {
        apply(phone, put(1, "one"));
        service.answer(phone.changesFrom(Examples.OTHER_CODE, put(1, "two")));

        assertThat(history.changes(id(), Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(versions(1, Long.MAX_VALUE, 10)).isEmpty();
    }

    /** Protocol 8.9: the commit turns one number, and what was replaced stays where it is. */
    @Test
    void aReplacedGenerationStays() {
        apply(phone, put(1, "one"), put(2, "two"));
        long before = service.book(ADA).generation();
        upload(TaskKind.REPLACE, put(3, "three"));

        PastChange replaced = history.change(id(), 2).orElseThrow();
        assertThat(replaced.kind()).isEqualTo(TaskKind.REPLACE);
        assertThat(service.book(ADA).generation()).isNotEqualTo(before);
        assertThat(List.of(replaced.puts(), replaced.deletes(), replaced.count()))
                .containsExactly(1L, 2L, 1L);
        removeGarbage();
        assertThat(contacts(before)).isEqualTo(2);

        shorten(new Bounds(service.now().plusSeconds(1), 100, Long.MAX_VALUE / 2));
        removeGarbage();
        assertThat(contacts(before)).isZero();
        assertThat(service.visible(ADA)).hasSize(1);
    }

    @Test
    void anEmptyGenerationIsNotKept() {
        long before = service.book(ADA).generation();
        upload(TaskKind.INITIAL, put(3, "three"));
        apply(phone, delete(3));
        long emptied = service.book(ADA).generation();
        upload(TaskKind.INITIAL, put(4, "four"));
        removeGarbage();

        assertThat(contacts(before)).isZero();
        assertThat(contacts(emptied)).isZero();
        assertThat(versions(3, Long.MAX_VALUE, 10)).hasSize(1);
    }

    @Test
    void anUploadOfChangesKeepsWhatItReplaces() {
        apply(phone, IntStream.range(0, 130).mapToObj(n -> put(n, "a")).toArray(Change[]::new));
        upload(
                TaskKind.CHANGES,
                IntStream.range(0, 120)
                        .mapToObj(n -> n < 110 ? put(n, "b") : delete(n))
                        .toArray(Change[]::new));

        PastChange change = history.change(id(), 2).orElseThrow();
        assertThat(List.of(change.puts(), change.deletes(), change.count())).containsExactly(110L, 10L, 120L);
        assertThat(versions(119, Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(versions(0, Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(versions(121, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void historyThatIsOldEnoughGoes() {
        apply(phone, put(1, "one"));
        apply(phone, put(1, "two"));
        service.clock.pass(Duration.ofDays(1));
        Instant later = service.now();
        apply(phone, put(1, "three"));

        assertThat(find(new Bounds(later.minus(Duration.ofDays(2)), 100, 1_000_000)))
                .isEmpty();
        Bounds bounds = new Bounds(later, 100, 1_000_000);
        assertThat(find(bounds)).containsExactly(id());
        shorten(bounds);

        assertThat(find(bounds)).isEmpty();
        assertThat(history.changes(id(), Long.MAX_VALUE, 10))
                .extracting(PastChange::seq)
                .containsExactly(3L);
        assertThat(versions(1, Long.MAX_VALUE, 10))
                .extracting(PastVersion::until)
                .containsExactly(3L);
    }

    /** A book that changes every second. */
    @Test
    void onlySoManyChangesAreKept() {
        for (int n = 0; n < 12; n++) {
            apply(phone, put(1, "name " + n));
        }

        Bounds bounds = new Bounds(Instant.EPOCH, 5, 1_000_000);
        assertThat(find(bounds)).containsExactly(id());
        shorten(bounds);

        assertThat(history.changes(id(), Long.MAX_VALUE, 100))
                .extracting(PastChange::seq)
                .containsExactly(12L, 11L, 10L, 9L, 8L);
        assertThat(versions(1, Long.MAX_VALUE, 100)).hasSize(5);
    }

    @Test
    void onlySoManyBytesAreKept() {
        for (int n = 0; n < 10; n++) {
            apply(phone, new Change.Put(uid(n % 2), cardOf(10_000 + n), Optional.empty()));
        }
        long each = 10_000 + Limits.STAGED_ROW;

        Bounds bounds = new Bounds(Instant.EPOCH, 100, 3 * each + 100);
        assertThat(find(bounds)).containsExactly(id());
        shorten(bounds);

        assertThat(find(bounds)).isEmpty();
        assertThat(history.changes(id(), Long.MAX_VALUE, 100))
                .extracting(PastChange::seq)
                .containsExactly(10L, 9L, 8L);
        assertThat(versions(0, Long.MAX_VALUE, 100)).hasSize(1);
        assertThat(versions(1, Long.MAX_VALUE, 100)).hasSize(2);
    }

    @Test
    void whatIsDeletedIsFoundTheLatestFirst() {
        apply(phone, put(1, "one"), put(2, "two"), put(3, "three"), put(4, "four"));
        apply(phone, put(1, "one more"));
        apply(tablet, delete(1), delete(2));
        apply(phone, delete(3));
        apply(phone, put(2, "two again"));

        List<PastVersion> deleted = deleted(10);
        assertThat(deleted).extracting(PastVersion::uid).containsExactly(uid(3), uid(1));
        assertThat(deleted.get(1).content().card()).isEqualTo(card("one more"));
        assertThat(deleted.get(1).endedBy().orElseThrow().value()).isEqualTo("tablet");
        assertThat(deleted.get(1).endedAt()).isEqualTo(service.now());
        assertThat(deleted(1)).isEqualTo(deleted);
    }

    /** Deleted, back with a full upload, gone with the next one: each contact once, with its last version. */
    @Test
    void whatAFullUploadLeftOutIsDeleted() {
        apply(phone, IntStream.range(0, 6).mapToObj(n -> put(n, "a" + n)).toArray(Change[]::new));
        apply(phone, delete(0));
        apply(phone, put(1, "b1"));
        upload(TaskKind.REPLACE, put(0, "c0"), put(1, "c1"), put(2, "a2"));
        apply(phone, delete(2));
        upload(TaskKind.REPLACE, put(5, "d5"));
        apply(phone, delete(5));

        assertThat(deleted(100))
                .extracting(version -> version.uid().value() + " " + version.until())
                .containsExactly("uid-5 7", "uid-1 6", "uid-0 6", "uid-2 5", "uid-4 4", "uid-3 4");
        assertThat(deleted(1)).isEqualTo(deleted(100));
        assertThat(deleted(2)).isEqualTo(deleted(100));
        assertThat(versions(1, Long.MAX_VALUE, 10))
                .extracting(PastVersion::until)
                .containsExactly(6L, 4L, 3L);
        assertThat(versions(1, 6, 1)).extracting(PastVersion::until).containsExactly(4L);
    }

    /** More than are looked at with one statement, and large cards, which are read one by one. */
    @Test
    void manyDeletedContactsAreFoundInPages() {
        for (int round = 0; round < 4; round++) {
            int from = 190 * round;
            apply(
                    phone,
                    IntStream.range(from, from + 190).mapToObj(n -> put(n, "x")).toArray(Change[]::new));
            apply(
                    phone,
                    IntStream.range(from, from + 190).mapToObj(Examples::delete).toArray(Change[]::new));
        }
        for (int n = 1_000; n < 1_006; n++) {
            apply(phone, new Change.Put(uid(n), cardOf(100_000), Optional.empty()));
            apply(phone, delete(n));
        }

        assertThat(deleted(97)).hasSize(766).doesNotHaveDuplicates();
        assertThat(kept(97)).containsExactlyElementsOf(deleted(97));
        BookHistory.Page page = history.deleted(
                id(), service.book(ADA).generation(), Optional.empty(), new RowPage.Bounds(100, 250_000));
        assertThat(page.versions()).hasSize(3);
        assertThat(page.next()).isPresent();
    }

    /** Protocol 4.26.1. */
    @Test
    void allVersionsOfAllContactsAreListed() {
        assertThat(kept(10)).isEmpty();
        apply(phone, put(1, "one"), put(2, "two"), put(3, "three"));
        apply(phone, put(1, "one again"), delete(2));
        upload(TaskKind.REPLACE, put(1, "new"), put(4, "four"));
        apply(tablet, put(4, "changed"), delete(1));

        for (int most : List.of(1, 2, 3, 100)) {
            assertThat(kept(most))
                    .extracting(version -> version.until() + " " + version.uid().value())
                    .containsExactly("4 uid-4", "4 uid-1", "3 uid-3", "3 uid-1", "2 uid-2", "2 uid-1");
        }
        assertThat(kept(100)).containsAll(versions(1, Long.MAX_VALUE, 10)).containsAll(deleted(100));
    }

    /** Each step removes so many; the rest stays as it is. */
    @Test
    void muchHistoryGoesInSmallSteps() {
        apply(phone, IntStream.range(0, 40).mapToObj(n -> put(n, "a")).toArray(Change[]::new));
        apply(phone, IntStream.range(0, 40).mapToObj(n -> put(n, "b")).toArray(Change[]::new));
        apply(phone, put(1, "c"));
        Bounds bounds = new Bounds(service.now().plusSeconds(1), 100, 1_000_000);

        long id = id();
        int steps = 1;
        while (service.store.inTransaction(() -> retention.shorten(id, 7, bounds))) {
            steps++;
            assertThat(steps).isLessThan(20);
        }

        assertThat(steps).isBetween(6, 8);
        assertThat(history.changes(id(), Long.MAX_VALUE, 10)).isEmpty();
        assertThat(versions(1, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(service.visible(ADA)).hasSize(40);
    }

    @Test
    void booksAreFoundOneAfterTheOther() {
        apply(phone, put(1, "one"));
        service.answer(service.deviceOf(BOB, "b").apply(service.code(BOB), sync(put(1, "x"))));
        Bounds bounds = new Bounds(service.now().plusSeconds(1), 100, 1_000_000);

        List<Long> found = new ArrayList<>();
        OptionalLong last = OptionalLong.of(0);
        while (last.isPresent()) {
            long after = last.getAsLong();
            HistoryRetention.Part part = service.store.inTransaction(() -> retention.find(after, 1, bounds));
            found.addAll(part.exceeding());
            last = part.last();
        }

        assertThat(found).containsExactlyInAnyOrder(id(), service.book(BOB).id());
        assertThat(find(ALL)).isEmpty();
    }

    /** Replaced books may take as much as the largest book; the oldest goes first. */
    @Test
    void replacedGenerationsAreBounded() {
        List<Long> generations = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            generations.add(service.book(ADA).generation());
            upload(
                    TaskKind.REPLACE,
                    IntStream.range(0, 9)
                            .mapToObj(i -> new Change.Put(uid(i), cardOf(200_000), Optional.empty()))
                            .toArray(Change[]::new));
        }
        removeGarbage();

        assertThat(generations.stream().map(this::contacts)).containsExactly(0L, 0L, 9L, 9L);
    }

    private List<PastVersion> versions(int n, long below, int most) {
        return history.versions(id(), uid(n), below, new RowPage.Bounds(most, Long.MAX_VALUE))
                .versions();
    }

    /** All, in pages of so many. */
    private List<PastVersion> deleted(int most) {
        BookState book = service.book(ADA);
        List<PastVersion> all = new ArrayList<>();
        Optional<BookHistory.Place> place = Optional.empty();
        do {
            BookHistory.Page page =
                    history.deleted(book.id(), book.generation(), place, new RowPage.Bounds(most, Long.MAX_VALUE));
            assertThat(page.versions().size()).isLessThanOrEqualTo(most);
            all.addAll(page.versions());
            place = page.next();
        } while (place.isPresent());
        return all;
    }

    /** All, in pages of so many. */
    private List<PastVersion> kept(int most) {
        BookState book = service.book(ADA);
        List<PastVersion> all = new ArrayList<>();
        Optional<BookHistory.Place> place = Optional.empty();
        do {
            BookHistory.Page page =
                    history.kept(book.id(), book.generation(), place, new RowPage.Bounds(most, Long.MAX_VALUE));
            assertThat(page.versions().size()).isLessThanOrEqualTo(most);
            all.addAll(page.versions());
            place = page.next();
        } while (place.isPresent());
        return all;
    }

    private void upload(TaskKind kind, Change... contacts) {
        Step.OpenUpload open = phone.open(kind, 1, contacts.length);
        service.answer(open);
        service.answer(phone.chunk(open, 1, contacts));
        TestService.done(service.answer(phone.commit(open)));
    }

    private void apply(TestDevice device, Change... changes) {
        TestService.done(service.answer(device.apply(service.code(ADA), sync(changes))));
    }

    private static IncrementalSync sync(Change... changes) {
        return new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true);
    }

    private long id() {
        return service.book(ADA).id();
    }

    private List<Long> find(Bounds bounds) {
        return service.store.inTransaction(() -> retention.find(0, 100, bounds)).exceeding();
    }

    private void shorten(Bounds bounds) {
        long id = id();
        for (int step = 0; service.store.inTransaction(() -> retention.shorten(id, 1_000, bounds)); step++) {
            assertThat(step).isLessThan(10);
        }
    }

    private void removeGarbage() {
        while (service.store.inTransaction(() -> service.store.housekeeping().removeGarbage(1_000)) > 0) {
            // Until nothing is left.
        }
    }

    private long contacts(long generation) {
        BookState book = service.book(ADA);
        return service.store
                .pages()
                .contacts(book.id(), generation, Optional.empty(), new RowPage.Bounds(1_000, Long.MAX_VALUE))
                .rows()
                .size();
    }
}
