package org.contactsync.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.contactsync.faults.Fold.Step;
import org.contactsync.faults.StoredBook.Row;
import org.contactsync.faults.StoredBook.Task;

/**
 * Compares what one user's devices were told with what the database has. Every sentence that it returns is a broken promise.
 *
 * <ol>
 *   <li>every operation has a definite outcome, and never had another one;
 *   <li>operations that were applied have the numbers 1, 2, 3 … of {@code seq}, none missing and none twice; each fits the
 *       book before it, and its answer the book after it;
 *   <li>an operation that was promised before another one was sent comes before it;
 *   <li>the rows are the contacts that come out of the fold; counts, sums, hashes and codes are those computed here;
 *   <li>the tasks that were applied are the operations that were told so, each once; nothing waits or is held any more;
 *   <li>whoever read saw a book that was, and never an older one than was there before;
 *   <li>the history has each of these operations once, in order, with the codes before and after it; the trash has what was deleted, and a
 *       restore brings back what was there;
 *   <li>events tell books that were, in order, up to the last one.
 * </ol>
 */
final class Checker {
    private final History history;
    private final PlainCodes codes;
    private final List<String> faults = new ArrayList<>();

    private Checker(History history) {
        this.history = history;
        codes = new PlainCodes(HexFormat.of().parseHex(history.stored().checkKey()));
    }

    /** @return one sentence for each promise that was broken; empty when all is well */
    static List<String> check(History history) {
        Checker checker = new Checker(history);
        checker.check();
        return checker.faults.stream().map(each -> history.user() + ": " + each).toList();
    }

    private void check() {
        allAreDefinite();
        Fold fold = new Fold(codes, applied());
        faults.addAll(fold.faults());
        inOrder();
        bookIs(fold);
        contactsAre(fold);
        tasksAre();
        faults.addAll(new Readings(fold, applied()).check(history.readings()));
        faults.addAll(new Past(fold).check(history));
    }

    private List<Operation> applied() {
        return history.operations().stream()
                .filter(each -> each.outcome() instanceof Outcome.Ok)
                .toList();
    }

    private void allAreDefinite() {
        for (Operation each : history.operations()) {
            if (each.isUnknown()) {
                fault("the outcome is not known in the end", each);
            }
            each.contradictions().forEach(what -> fault(what, each));
        }
    }

    /** From the highest seq down: none of the later ones was promised before this one was sent. */
    private void inOrder() {
        Optional<Operation> first = Optional.empty();
        List<Operation> downwards = applied().stream()
                .filter(each -> Fold.ok(each).changed(each.request().kind()))
                .sorted(Comparator.comparingLong(
                                (Operation each) -> Fold.ok(each).seq())
                        .reversed())
                .toList();
        List<Operation> later = new ArrayList<>();
        for (Operation each : downwards) {
            long invoked = each.invoked().orElse(0L);
            Optional<Operation> overtaken = each.request().kind().isRestore()
                    ? later.stream()
                            .filter(other -> other.promised().isPresent() && !mayOvertake(each, other))
                            .min(Comparator.comparingLong(Checker::promised))
                    : first;
            later.add(each);
            overtaken
                    .filter(earlier -> promised(earlier) < invoked)
                    .ifPresent(earlier -> fault(
                            "has a lower seq than one that was promised before it was sent, #"
                                    + earlier.request().number(),
                            each));
            if (each.promised().isPresent()
                    && first.map(earlier -> earlier.promised().orElseThrow() > promised(each))
                            .orElse(true)) {
                first = Optional.of(each);
            }
        }
    }

    /** Protocol 4.3.10: a restore is a task of a person, and overtakes tasks that wait in the background for the same device. */
    private static boolean mayOvertake(Operation restore, Operation other) {
        return other.request().kind() == Operation.Kind.PATCH
                && other.request().device().equals(restore.request().device());
    }

    private static long promised(Operation operation) {
        return operation.promised().orElseThrow();
    }

    private void bookIs(Fold fold) {
        StoredBook stored = history.stored();
        Step last = fold.last();
        equal("seq of the book", stored.seq(), last.seq());
        equal("count of the book", stored.count(), (long) last.contacts().size());
        equal("sum of the book", stored.sum(), PlainCodes.hex(codes.sum(last.contacts())));
        equal("waiting tasks that the book counts", stored.openTasks(), 0);
        equal("payloads of waiting tasks", stored.waitingSteps(), 0);
        equal("an upload holds the queue", stored.held(), false);
    }

    private void contactsAre(Fold fold) {
        Map<String, String> contacts = new TreeMap<>();
        for (Row row : history.stored().contacts()) {
            row.card().ifPresent(card -> {
                if (contacts.put(row.uid(), card) != null) {
                    faults.add("contact " + row.uid() + " is stored twice");
                }
                equal("content hash of " + row.uid(), row.contentHash(), Optional.of(codes.contentHash(card)));
                equal("entry of " + row.uid(), row.entry(), PlainCodes.hex(codes.entry(row.uid(), card)));
            });
            equal("position of " + row.uid(), row.position(), codes.position(row.uid()));
            equal(
                    "seq of the last change of " + row.uid(),
                    Optional.of(row.seq()),
                    Optional.ofNullable(fold.lastSeq().get(row.uid())));
        }
        if (!contacts.equals(fold.last().contacts())) {
            faults.add("the contacts are\n    " + contacts + "\nand not\n    "
                    + fold.last().contacts());
        }
        equal("check code of the rows", codes.checkCode(contacts), fold.last().checkCode());
        for (String uid : fold.lastSeq().keySet()) {
            if (history.stored().contacts().stream().noneMatch(row -> row.uid().equals(uid))) {
                faults.add("neither contact nor tombstone of " + uid);
            }
        }
    }

    private void tasksAre() {
        Map<String, Operation> told = new HashMap<>();
        for (Operation each : applied()) {
            Operation other = told.put(Fold.ok(each).task(), each);
            if (other != null) {
                fault("has the task of another operation, #" + other.request().number(), each);
            }
        }
        Map<String, List<Task>> done = history.stored().tasks().stream()
                .filter(each -> each.state().equals("DONE") || each.seqAfter().isPresent())
                .collect(Collectors.groupingBy(Task::id));
        done.forEach((id, rows) -> {
            Operation operation = told.get(id);
            if (operation == null) {
                faults.add("a task was applied of which no device was told: " + rows);
            } else if (rows.size() != 1 || !fits(rows.get(0), operation)) {
                fault("is stored as " + rows, operation);
            }
        });
        told.forEach((id, operation) -> {
            if (!done.containsKey(id)) {
                fault("has no task in the database", operation);
            }
        });
        for (Task each : history.stored().tasks()) {
            if (List.of("WAITING", "RECEIVING", "QUEUED", "RUNNING").contains(each.state())) {
                faults.add("a task is not finished: " + each);
            }
        }
    }

    private static boolean fits(Task row, Operation operation) {
        Outcome.Ok said = Fold.ok(operation);
        return row.state().equals("DONE")
                && row.kind().equals(operation.request().kind().stored())
                && row.seqAfter().equals(Optional.of(said.seq()))
                && row.codeAfter().equals(Optional.of(said.checkCode()));
    }

    private void equal(String what, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            faults.add(what + " is " + actual + " and should be " + expected);
        }
    }

    private void fault(String what, Operation operation) {
        faults.add("operation " + what + "\n    " + operation);
    }
}
