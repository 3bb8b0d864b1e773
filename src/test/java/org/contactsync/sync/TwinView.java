package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.reading.BookReadings;

/** What can be seen of an answer, or of a book, except for what its check key makes different. */
final class TwinView {
    private static final RowPage.Bounds ALL = new RowPage.Bounds(10_000, Long.MAX_VALUE);

    private final TestService service;
    private final int uids;

    /** @param uids {@link Examples#uid} from 0 on, whose versions are looked at */
    TwinView(TestService service, int uids) {
        this.service = service;
        this.uids = uids;
    }

    /** Of an answer. */
    static List<Object> outcome(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            SyncResult result = applied.result();
            return List.of(
                    result.seq(),
                    result.count(),
                    result.put(),
                    result.deleted(),
                    result.rebased(),
                    seen(result.missed()),
                    result.keptLost());
        }
        if (outcome instanceof Refused refused) {
            Problem problem = refused.problem();
            if (problem instanceof Problem.CheckCodeMismatch mismatch) {
                return List.of(problem.type(), mismatch.serverCount(), mismatch.serverSeq(), seen(mismatch.missed()));
            }
            if (problem instanceof Problem.ContactConflict conflict) {
                return List.of(
                        problem.type(),
                        conflict.conflicts().stream().map(TwinView::seen).toList());
            }
            return List.of(problem.type());
        }
        throw new AssertionError("neither done nor refused: " + outcome);
    }

    private static List<Object> seen(Optional<Missed> missed) {
        return missed.map(known -> List.<Object>of(
                        known.since(),
                        known.changes().stream()
                                .map(change ->
                                        List.of(change.seq(), change.uid(), cardOf(change.now()), change.device()))
                                .toList()))
                .orElseGet(List::of);
    }

    private static List<Object> seen(Conflict conflict) {
        return List.of(
                conflict.uid(),
                conflict.index(),
                conflict.card(),
                conflict.ancestor().map(Content::card),
                conflict.more());
    }

    private static Object cardOf(Optional<Content> content) {
        return content.map(Content::card);
    }

    /** All that is stored, except for what the key makes different; the code must be that of the contacts. */
    Map<String, Object> state(Owner owner) {
        BookState book = service.book(owner);
        var visible = service.visible(owner);
        assertThat(BookReadings.checkCode(book)).isEqualTo(PlainCheckCodes.of(book.key(), visible));
        Map<String, Object> state = new TreeMap<>();
        state.put("visible", visible);
        state.put("numbers", List.of(book.seq(), book.changesFrom(), book.openTasks(), book.revision()));
        state.put("bytes", book.cardBytes());
        state.put(
                "feed",
                service
                        .store
                        .contacts()
                        .changedSince(book.id(), book.generation(), 0, Optional.empty(), ALL)
                        .rows()
                        .stream()
                        .map(row -> List.<Object>of(row.seq(), row.uid(), cardOf(row.now()), row.device()))
                        .toList());
        state.put(
                "history",
                service.store.history().changes(book.id(), Long.MAX_VALUE, 10_000).stream()
                        .map(change -> List.<Object>of(
                                change.seq(),
                                change.at(),
                                change.device().map(DeviceId::value),
                                change.count(),
                                change.puts(),
                                change.deletes()))
                        .toList());
        List<Object> versions = new ArrayList<>();
        for (int n = 0; n < uids; n++) {
            service.store
                    .history()
                    .versions(book.id(), uid(n), Long.MAX_VALUE, ALL)
                    .versions()
                    .forEach(version -> versions.add(List.of(
                            version.uid(),
                            version.from(),
                            version.until(),
                            version.content().card(),
                            version.device(),
                            version.lost())));
        }
        state.put("versions", versions);
        return state;
    }
}
