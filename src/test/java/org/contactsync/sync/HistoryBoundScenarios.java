package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestStore.MOST_HISTORY;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** Protocol 6.5: the history of a book is bounded at any time, also when nobody comes to shorten it. */
public abstract class HistoryBoundScenarios {
    private static final int CONTACTS = 10;
    private static final RowPage.Bounds ALL = new RowPage.Bounds(10_000, Long.MAX_VALUE);

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final BookHistory history = service.store.history();
    private final HistoryRetention retention = service.store.historyRetention();

    protected abstract TestStore newStore();

    /** A user who writes over all contacts, again and again. */
    @Test
    void bytesAreBoundedWithoutUpkeep() {
        long task = CONTACTS * (60_000L + Limits.STAGED_ROW);
        for (int round = 0; round < 25; round++) {
            int bytes = 60_000 - round;
            apply(IntStream.range(0, CONTACTS)
                    .mapToObj(n -> new Change.Put(uid(n), cardOf(bytes), Optional.empty()))
                    .toArray(Change[]::new));
            if (round % 4 == 0) {
                assertThat(versionBytes()).isLessThanOrEqualTo(MOST_HISTORY.bytes() + task);
            }
        }

        assertThat(versionBytes()).isBetween(MOST_HISTORY.bytes() - 2 * task, MOST_HISTORY.bytes() + task);
        PastChange oldest = history.oldest(id()).orElseThrow();
        assertThat(oldest.seq()).isBetween(10L, 20L);
        RestoreTarget target =
                new RestoreTarget(Optional.empty(), OptionalLong.of(oldest.seq()), Optional.empty(), true);
        Restoring restoring = new Restoring(service.store.books(), history, service.store.pages(), TestService.LIMITS);
        assertThat(restoring.plan(ADA, target).orElseThrow().value().puts()).isEqualTo(CONTACTS);
    }

    /** They come a hundred at once, and change no contact: that is more than a change of one contact. */
    @Test
    void lostCardsAreBoundedWithoutUpkeep() {
        long task = CONTACTS * (60_000L + Limits.STAGED_ROW);
        for (int round = 0; round < 25; round++) {
            int bytes = 60_000 - round;
            hand(IntStream.range(0, CONTACTS)
                    .mapToObj(n -> new LostCard(uid(n), cardOf(bytes)))
                    .toList());
            assertThat(versionBytes()).isLessThanOrEqualTo(MOST_HISTORY.bytes() + task);
        }

        assertThat(versionBytes()).isGreaterThan(MOST_HISTORY.bytes() - 2 * task);
        assertThat(history.oldest(id()).orElseThrow().seq()).isBetween(10L, 20L);
    }

    /** A change of one contact looks now and then. */
    @Test
    void changesAreBoundedWithoutUpkeep() {
        for (int n = 0; n < MOST_HISTORY.changes() + 200; n++) {
            apply(put(1, "name " + n));
        }

        List<PastChange> changes = history.changes(id(), Long.MAX_VALUE, 10_000);
        assertThat(changes).hasSizeBetween(MOST_HISTORY.changes(), MOST_HISTORY.changes() + 64);
        assertThat(history.versions(id(), uid(1), Long.MAX_VALUE, ALL).versions())
                .hasSizeLessThanOrEqualTo(changes.size());
    }

    /** The last that is kept of a contact would be an old version, if the generation with a later one were left out alone. */
    @Test
    void theHistoryEndsWithTheGenerationThatIsLeftOut() {
        apply(put(0, "one"));
        apply(put(0, "two"));
        for (int n = 0; n < 4; n++) {
            upload(large());
        }

        assertThat(history.changes(id(), Long.MAX_VALUE, 10))
                .extracting(PastChange::seq)
                .containsExactly(6L, 5L);
        long generation = service.book(ADA).generation();
        assertThat(history.lastVersion(id(), generation, uid(0))).isEmpty();
        assertThat(history.deleted(id(), generation, Optional.empty(), ALL).versions())
                .extracting(PastVersion::uid)
                .doesNotContain(uid(0));
        assertThat(history.versions(id(), uid(0), Long.MAX_VALUE, ALL).versions())
                .isEmpty();

        // The versions whose changes are gone went with the same task.
        long id = id();
        Bounds everything = new Bounds(Instant.EPOCH, 1_000_000, Long.MAX_VALUE / 2);
        assertThat(service.store.inTransaction(() -> retention.exceeds(id, everything)))
                .isFalse();
        assertThat(history.oldest(id).orElseThrow().seq()).isEqualTo(5);
    }

    /** An earlier version has written the book, and has not counted its bytes. */
    @Test
    void aReplacedGenerationOfUnknownSizeIsCounted() {
        List<Long> generations = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            generations.add(service.book(ADA).generation());
            service.store.forgetCardBytes(id());
            upload(large());
        }
        removeGarbage();

        assertThat(generations.stream().map(this::contacts)).containsExactly(0L, 0L, 9L, 9L);
    }

    /** Each of them makes reading the book's digests slower. */
    @Test
    void onlySoManyReplacedGenerationsAreKept() {
        List<Long> generations = new ArrayList<>();
        for (int n = 0; n < 64; n++) {
            generations.add(service.book(ADA).generation());
            upload(put(n, "one"));
        }
        removeGarbage();

        assertThat(generations.stream().filter(each -> contacts(each) > 0)).hasSize(60);
        assertThat(history.oldest(id()).orElseThrow().seq()).isEqualTo(5);
    }

    private static Change[] large() {
        return IntStream.range(1, 10)
                .mapToObj(n -> new Change.Put(uid(n), cardOf(200_000), Optional.empty()))
                .toArray(Change[]::new);
    }

    private long versionBytes() {
        long bytes = 0;
        for (int n = 0; n < CONTACTS; n++) {
            for (PastVersion version :
                    history.versions(id(), uid(n), Long.MAX_VALUE, ALL).versions()) {
                bytes += version.content().card().length() + Limits.STAGED_ROW;
            }
        }
        return bytes;
    }

    private void removeGarbage() {
        while (service.store.inTransaction(() -> service.store.housekeeping().removeGarbage(1_000)) > 0) {
            // Until nothing is left.
        }
    }

    private long contacts(long generation) {
        return service.store
                .pages()
                .contacts(id(), generation, Optional.empty(), ALL)
                .rows()
                .size();
    }

    private void apply(Change... changes) {
        TestService.done(service.answer(phone.apply(
                service.code(ADA), new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true))));
    }

    private void hand(List<LostCard> lost) {
        TestService.done(service.answer(phone.apply(service.code(ADA), IncrementalSync.ofLost(lost))));
    }

    private void upload(Change... contacts) {
        Step.OpenUpload open = phone.open(TaskKind.REPLACE, 1, contacts.length);
        service.answer(open);
        service.answer(phone.chunk(open, 1, contacts));
        TestService.done(service.answer(phone.commit(open, Optional.empty(), true)));
    }

    private long id() {
        return service.book(ADA).id();
    }
}
