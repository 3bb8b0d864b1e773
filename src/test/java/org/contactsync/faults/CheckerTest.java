package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.contactsync.faults.Operation.Attempt;
import org.contactsync.faults.Operation.Kind;
import org.contactsync.faults.Operation.Request;
import org.contactsync.faults.PastReading.Change;
import org.contactsync.faults.StoredBook.Row;
import org.contactsync.faults.StoredBook.Task;
import org.junit.jupiter.api.Test;

/** The checker finds nothing in a good history and each way to break one. */
class CheckerTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private final PlainCodes codes = new PlainCodes(HexFormat.of().parseHex(KEY));
    private final List<Operation> operations = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    private final Map<String, String> book = new TreeMap<>();
    private final Map<String, Long> lastSeq = new TreeMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Change> past = new ArrayList<>();
    private long seq;
    private long now;

    /** Protocol 2.6. */
    @Test
    void computesTheCodesOfTheDocument() {
        String uid = "urn:uuid:00000000-0000-4000-8000-000000000001";
        String card = "{\"@type\":\"Card\",\"name\":{\"full\":\"Ada Lovelace\"},\"phones\":{\"k1\":{\"features\":"
                + "{\"mobile\":true},\"number\":\"+44 20 7946 0958\"}},\"version\":\"1.0\"}";

        assertThat(codes.checkCode(Map.of())).isEqualTo("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");
        assertThat(codes.checkCode(Map.of(uid, card))).isEqualTo("ck1.IIkDr_OO2pALHZyJpdilgnWivkBoFuAdXRWlmwkjOMk");
        assertThat(codes.contentHash(card))
                .isEqualTo("c9287e649a8d82b4bdbb4ee3e7b69f1261274078c6858e0b40de024d60c69994");
        assertThat(codes.position(uid)).isEqualTo(0xf66d);
    }

    @Test
    void findsNothingInAGoodHistory() {
        goodHistory();

        assertThat(check(book)).isEmpty();
    }

    @Test
    void findsALostUpdate() {
        goodHistory();
        Map<String, String> without = new TreeMap<>(book);
        without.remove("bob");

        assertThat(check(without)).anyMatch(each -> each.contains("the contacts are"));
    }

    @Test
    void findsAnAcknowledgedOperationThatIsNowhere() {
        goodHistory();
        Operation lost = begin(Kind.PATCH, false, Edit.put("cleo", card("lost")));
        Map<String, String> after = new TreeMap<>(book);
        after.put("cleo", card("lost"));
        now++;
        lost.promised(now);
        lost.is(new Outcome.Ok("lost", seq + 1, codes.checkCode(after), after.size(), 1, 0, false), now);

        assertThat(check(book))
                .anyMatch(each -> each.contains("has no task in the database"))
                .anyMatch(each -> each.contains("seq of the book is"));
    }

    @Test
    void findsAnOperationThatWasAppliedTwice() {
        goodHistory();
        Task twice = tasks.get(tasks.size() - 1);
        tasks.add(new Task("again", twice.kind(), twice.state(), Optional.of(++seq), twice.codeAfter()));

        assertThat(check(book))
                .anyMatch(each -> each.contains("of which no device was told"))
                .anyMatch(each -> each.contains("seq of the book is 6 and should be 5"));
    }

    @Test
    void findsTwoRowsOfOneTask() {
        goodHistory();
        tasks.add(tasks.get(0));

        assertThat(check(book)).anyMatch(each -> each.contains("is stored as"));
    }

    @Test
    void findsAGap() {
        goodHistory();
        seq++;
        apply(Kind.PATCH, false, Edit.put("dora", card("after a gap")));

        assertThat(check(book)).anyMatch(each -> each.contains("comes after seq 5"));
    }

    @Test
    void findsTwoOperationsOfOneSeq() {
        goodHistory();
        seq--;
        apply(Kind.PATCH, false, Edit.put("dora", card("same seq")));

        assertThat(check(book)).anyMatch(each -> each.contains("has the seq of another operation"));
    }

    /** The one that was promised first comes later. */
    @Test
    void findsAReorder() {
        goodHistory();
        Operation first = begin(Kind.PATCH, true, Edit.put("eve", card("first")));
        first.promised(++now);
        now++;
        apply(Kind.PATCH, true, Edit.put("finn", card("second")));
        settle(first, true);

        assertThat(check(book)).anyMatch(each -> each.contains("promised before it was sent"));
    }

    /** Protocol 4.3.10: what waits in the background for the same device. */
    @Test
    void letsARestoreOvertakeATaskOfItsDevice() {
        deletedBob();
        Operation waits = waiting("phone", Kind.PATCH);
        settle(restoreOfBob("phone"), true);
        settle(waits, true);

        assertThat(check(book)).isEmpty();
    }

    @Test
    void findsARestoreThatOvertakesATaskOfAnotherDevice() {
        deletedBob();
        Operation waits = waiting("tablet", Kind.PATCH);
        settle(restoreOfBob("phone"), true);
        settle(waits, true);

        assertThat(check(book)).singleElement().asString().contains("promised before it was sent");
    }

    /** It holds the queue. */
    @Test
    void findsARestoreThatOvertakesAnUpload() {
        deletedBob();
        Operation waits = waiting("phone", Kind.CHANGES);
        settle(restoreOfBob("phone"), true);
        settle(waits, true);

        assertThat(check(book)).singleElement().asString().contains("promised before it was sent");
    }

    /** What a restore may do, a PATCH may not that comes after one. */
    @Test
    void findsAReorderAroundARestore() {
        deletedBob();
        Operation waits = waiting("phone", Kind.PATCH);
        settle(restoreOfBob("phone"), true);
        apply(Kind.PATCH, true, Edit.put("finn", card("second")));
        settle(waits, true);

        assertThat(check(book)).singleElement().asString().contains("promised before it was sent", "finn");
    }

    private void deletedBob() {
        goodHistory();
        apply(Kind.PATCH, false, Edit.delete("bob"));
    }

    /** A task that has its place, and is applied later. */
    private Operation waiting(String device, Kind kind) {
        Operation waits = begin(device, kind, true, "", Edit.put("eve", card("first")));
        waits.promised(++now);
        now++;
        return waits;
    }

    /** From the trash, with the card that it had last. */
    private Operation restoreOfBob(String device) {
        return begin(device, Kind.TRASH, false, "bob", Edit.put("bob", card("4")));
    }

    @Test
    void findsAWrongCodeInAnAnswer() {
        goodHistory();
        Operation wrong = apply(Kind.PATCH, false, Edit.put("gus", card("gus")));
        replace(
                wrong,
                said -> new Outcome.Ok(
                        said.task(), said.seq(), codes.checkCode(Map.of()), said.count(), 1, 0, said.rebased()));

        assertThat(check(book)).anyMatch(each -> each.contains("another check code than that of its result"));
    }

    @Test
    void findsAWrongStoredSum() {
        goodHistory();
        StoredBook good = stored(book);
        StoredBook wrong = new StoredBook(
                KEY, good.count(), "00".repeat(32), good.seq(), 0, false, 0, good.contacts(), good.tasks(), past);

        assertThat(Checker.check(new History("ada", operations, readings, List.of(), List.of(), wrong)))
                .anyMatch(each -> each.contains("sum of the book is"));
    }

    @Test
    void findsAnEffectOfAFailedOperation() {
        goodHistory();
        Operation failed = begin(Kind.PATCH, false, Edit.put("hal", card("refused")));
        failed.is(new Outcome.Failed("412"), ++now);
        book.put("hal", card("refused"));
        lastSeq.put("hal", seq);

        assertThat(check(book)).anyMatch(each -> each.contains("the contacts are"));
    }

    @Test
    void findsABrokenPrecondition() {
        goodHistory();
        Edit unconditional = Edit.put("ada", card("not over this"));
        apply(Kind.PATCH, true, unconditional.over(Map.of("ada", card("another")), codes));

        assertThat(check(book)).anyMatch(each -> each.contains("was applied although ada was not"));
    }

    @Test
    void findsAnOperationOnAnotherBookThanItsFirstCode() {
        goodHistory();
        Operation stale = new Operation(new Request(
                99,
                "ada",
                "phone",
                Kind.PATCH,
                UUID.randomUUID(),
                codes.checkCode(Map.of("x", card("x"))),
                false,
                List.of(Edit.put("ida", card("ida")))));
        sent(stale);
        operations.add(stale);
        settle(stale, false);

        assertThat(check(book)).anyMatch(each -> each.contains("another book than that of its first check code"));
    }

    @Test
    void findsAnUnknownOutcome() {
        goodHistory();
        begin(Kind.PATCH, false, Edit.put("jan", card("jan"))).is(new Outcome.Unknown("timeout"), ++now);

        assertThat(check(book)).anyMatch(each -> each.contains("not known in the end"));
    }

    @Test
    void findsTwoAnswersThatDiffer() {
        goodHistory();
        operations.get(0).is(new Outcome.Failed("412"), ++now);

        assertThat(check(book)).anyMatch(each -> each.contains("was told"));
    }

    @Test
    void findsATaskThatStillWaits() {
        goodHistory();
        tasks.add(new Task("waits", "INCREMENTAL", "WAITING", Optional.empty(), Optional.empty()));

        assertThat(check(book)).anyMatch(each -> each.contains("a task is not finished"));
    }

    @Test
    void findsAnOldBookThatWasRead() {
        goodHistory();
        readings.add(new Reading(
                "phone", "A", now + 1, now + 2, codes.checkCode(Map.of()), Optional.of(0L), Optional.empty()));

        assertThat(check(book)).anyMatch(each -> each.contains("a book was read that was not there then"));
    }

    @Test
    void findsABookThatNeverWas() {
        goodHistory();
        readings.add(new Reading(
                "phone",
                "A",
                now + 1,
                now + 2,
                codes.checkCode(book),
                Optional.of(seq),
                Optional.of(Map.of("half", card("half")))));

        assertThat(check(book)).anyMatch(each -> each.contains("a book was read that was not there then"));
    }

    /** An upload, a change, a rebased one, a delete, a change of two; a refusal; readings. */
    private void goodHistory() {
        apply(Kind.INITIAL, false, Edit.put("ada", card("1")), Edit.put("bob", card("2")));
        String old = codes.checkCode(book);
        apply(Kind.PATCH, false, Edit.put("ada", card("3")));
        read();
        Operation rebased = new Operation(new Request(
                50,
                "ada",
                "tablet",
                Kind.PATCH,
                UUID.randomUUID(),
                old,
                true,
                List.of(Edit.put("bob", card("4")).over(book, codes))));
        sent(rebased);
        operations.add(rebased);
        settle(rebased, true);
        apply(Kind.PATCH, false, Edit.delete("ada"));
        apply(Kind.CHANGES, false, Edit.put("ada", card("5")), Edit.put("kim", card("6")));
        begin(Kind.PATCH, false, Edit.put("ada", card("7"))).is(new Outcome.Failed("409"), ++now);
        apply(Kind.PATCH, false);
        read();
    }

    private void read() {
        now += 2;
        readings.add(new Reading(
                "phone",
                "A",
                now - 1,
                now,
                codes.checkCode(book),
                Optional.of(seq),
                Optional.of(Map.copyOf(new TreeMap<>(book)))));
    }

    private Operation begin(Kind kind, boolean rebase, Edit... edits) {
        return begin("phone", kind, rebase, "", edits);
    }

    private Operation begin(String device, Kind kind, boolean rebase, String target, Edit... edits) {
        Operation operation = new Operation(new Request(
                operations.size() + 1,
                "ada",
                device,
                kind,
                UUID.randomUUID(),
                codes.checkCode(book),
                rebase,
                List.of(edits),
                target));
        sent(operation);
        operations.add(operation);
        return operation;
    }

    private void sent(Operation operation) {
        now += 2;
        operation.attempted(new Attempt("PATCH", "A", now - 1, now, "200"));
    }

    private Operation apply(Kind kind, boolean rebase, Edit... edits) {
        Operation operation = begin(kind, rebase, edits);
        settle(operation, !operation.request().firstCode().equals(codes.checkCode(book)));
        return operation;
    }

    private void settle(Operation operation, boolean rebased) {
        Map<String, String> before = new TreeMap<>(book);
        Kind kind = operation.request().kind();
        if (kind.replaces()) {
            book.clear();
            lastSeq.clear();
        }
        operation.request().edits().forEach(edit -> edit.applyTo(book));
        int puts = (int) book.entrySet().stream()
                .filter(each -> !each.getValue().equals(before.get(each.getKey())))
                .count();
        int deletes = (int)
                before.keySet().stream().filter(uid -> !book.containsKey(uid)).count();
        seq += puts + deletes > 0 || kind.replaces() ? 1 : 0;
        operation.request().edits().forEach(edit -> lastSeq.put(edit.uid(), seq));
        String id = "task-" + operation.request().key();
        String code = codes.checkCode(book);
        if (puts + deletes > 0 || kind.replaces()) {
            past.add(new Change(seq, id, codes.checkCode(before), code, book.size()));
        }
        operation.promised(++now);
        operation.is(new Outcome.Ok(id, seq, code, book.size(), puts, deletes, rebased), now);
        tasks.add(new Task(id, kind.stored(), "DONE", Optional.of(seq), Optional.of(code)));
    }

    private void replace(Operation operation, UnaryOperator<Outcome.Ok> wrong) {
        Operation other = new Operation(operation.request());
        operation.attempts().forEach(other::attempted);
        other.promised(now);
        other.is(wrong.apply(Fold.ok(operation)), now);
        operations.set(operations.indexOf(operation), other);
    }

    private List<String> check(Map<String, String> contacts) {
        return Checker.check(new History("ada", operations, readings, List.of(), List.of(), stored(contacts)));
    }

    private StoredBook stored(Map<String, String> contacts) {
        List<Row> rows = new ArrayList<>();
        lastSeq.forEach((uid, last) -> {
            Optional<String> card = Optional.ofNullable(contacts.get(uid));
            rows.add(new Row(
                    uid,
                    card,
                    card.map(codes::contentHash),
                    codes.position(uid),
                    card.map(each -> PlainCodes.hex(codes.entry(uid, each))).orElse("00".repeat(32)),
                    last));
        });
        return new StoredBook(
                KEY, contacts.size(), PlainCodes.hex(codes.sum(contacts)), seq, 0, false, 0, rows, tasks, past);
    }

    private static String card(String name) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
    }
}
