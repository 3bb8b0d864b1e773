package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.faults.Operation.Attempt;
import org.contactsync.faults.Operation.Kind;
import org.contactsync.faults.Operation.Request;
import org.contactsync.faults.PastReading.Change;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker finds nothing in a good past, and each way to break one. */
class PastTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private final PlainCodes codes = new PlainCodes(HexFormat.of().parseHex(KEY));
    private final Map<String, String> book = new TreeMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Change> stored = new ArrayList<>();
    private final List<PastReading> readings = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private long now;

    /** Two contacts, an edit, a delete, its restore, a mass delete, and the restore of the book. */
    @BeforeEach
    void goodPast() {
        apply(Kind.PATCH, "", Edit.put("ada", "1"), Edit.put("bob", "2"));
        apply(Kind.PATCH, "", Edit.put("ada", "3"));
        String both = codes.checkCode(book);
        apply(Kind.PATCH, "", Edit.delete("ada"));
        readTrash(Map.of("ada", "3"));
        restore(Kind.TRASH, "ada", Map.of("ada", "3", "bob", "2"));
        apply(Kind.PATCH, "", Edit.delete("ada"), Edit.delete("bob"));
        readTrash(Map.of("ada", "3", "bob", "2"));
        restore(Kind.RESTORE, both, Map.of("ada", "3", "bob", "2"));
        readHistory(List.of(stored.get(5), stored.get(4)));
    }

    @Test
    void findsNothingInAGoodPast() {
        assertThat(check()).isEmpty();
    }

    @Test
    void findsAContactThatCameBackAsItWasBefore() {
        apply(Kind.PATCH, "", Edit.delete("ada"));
        restore(Kind.TRASH, "ada", Map.of("ada", "1", "bob", "2"));

        assertThat(check()).anyMatch(each -> each.contains("has not put the last version back"));
    }

    @Test
    void findsABookThatWasRestoredToAnother() {
        restore(Kind.RESTORE, stored.get(0).after(), Map.of("ada", "1"));

        assertThat(check()).anyMatch(each -> each.contains("another check code than that of its result"));
    }

    @Test
    void findsARestoreOfABookThatNeverWas() {
        restore(Kind.RESTORE, codes.checkCode(Map.of("kim", "9")), Map.of("kim", "9"));

        assertThat(check()).anyMatch(each -> each.contains("has restored a book that never was"));
    }

    @Test
    void findsALostTask() {
        stored.remove(2);

        assertThat(check()).anyMatch(each -> each.contains("the history has [1, 2, 4, 5, 6]"));
    }

    @Test
    void findsABrokenChain() {
        Change second = stored.get(1);
        stored.set(1, new Change(2, second.task(), second.after(), second.after(), second.count()));

        assertThat(check()).anyMatch(each -> each.contains("that was another one"));
    }

    @Test
    void findsAPageWithAGap() {
        readHistory(List.of(stored.get(5), stored.get(3)));

        assertThat(check()).anyMatch(each -> each.contains("a history with a gap"));
    }

    @Test
    void findsAContactThatIsNotInTheTrash() {
        apply(Kind.PATCH, "", Edit.delete("bob"));
        readTrash(Map.of());

        assertThat(check()).anyMatch(each -> each.contains("a trash that never was"));
    }

    @Test
    void findsAnEventOfATaskThatWasNotCommitted() {
        events.add(new Event("A", 1, ++now, 7, codes.checkCode(Map.of("kim", "9"))));

        assertThat(check()).anyMatch(each -> each.contains("an event of a book that never was"));
    }

    @Test
    void findsEventsThatGoBack() {
        events.add(new Event("A", 1, ++now, 1, stored.get(0).after()));

        assertThat(check()).anyMatch(each -> each.contains("older than the one before it"));
    }

    @Test
    void findsEventsThatDoNotReachTheEnd() {
        events.remove(events.size() - 1);

        assertThat(check()).anyMatch(each -> each.contains("do not end at the last change"));
    }

    private List<String> check() {
        Fold fold = new Fold(codes, operations);
        List<String> faults = new ArrayList<>(fold.faults());
        StoredBook rows = new StoredBook(KEY, 0, "", 0, 0, false, 0, List.of(), List.of(), stored);
        faults.addAll(new Past(fold).check(new History("ada", operations, List.of(), readings, events, rows)));
        return faults;
    }

    private void apply(Kind kind, String target, Edit... edits) {
        Map<String, String> after = new TreeMap<>(book);
        List.of(edits).forEach(edit -> edit.applyTo(after));
        settle(kind, target, List.of(edits), after);
    }

    private void restore(Kind kind, String target, Map<String, String> after) {
        settle(kind, target, List.of(), after);
    }

    private void settle(Kind kind, String target, List<Edit> edits, Map<String, String> after) {
        String before = codes.checkCode(book);
        int puts = (int) after.entrySet().stream()
                .filter(each -> !each.getValue().equals(book.get(each.getKey())))
                .count();
        int deletes = (int)
                book.keySet().stream().filter(uid -> !after.containsKey(uid)).count();
        int number = operations.size() + 1;
        Operation operation = new Operation(
                new Request(number, "ada", "phone", kind, UUID.randomUUID(), before, false, edits, target));
        operation.attempted(new Attempt(kind.name(), "A", ++now, ++now, "200"));
        book.clear();
        book.putAll(after);
        String code = codes.checkCode(book);
        operation.is(new Outcome.Ok("task-" + number, number, code, book.size(), puts, deletes, false), ++now);
        operations.add(operation);
        stored.add(new Change(number, "task-" + number, before, code, book.size()));
        events.add(new Event("A", 1, ++now, number, code));
    }

    private void readTrash(Map<String, String> trash) {
        readings.add(new PastReading("phone", "A", ++now, codes.checkCode(book), Optional.empty(), Optional.of(trash)));
    }

    private void readHistory(List<Change> changes) {
        readings.add(
                new PastReading("phone", "A", ++now, codes.checkCode(book), Optional.of(changes), Optional.empty()));
    }
}
