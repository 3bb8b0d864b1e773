package org.contactsync.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.faults.Edit.Expected;
import org.jspecify.annotations.Nullable;

/**
 * A book made again from what was acknowledged, one operation after the other in the order of {@code seq}. One thread at a
 * time.
 */
final class Fold {
    private final PlainCodes codes;
    private final List<String> faults = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, List<Step>> byCode = new HashMap<>();
    private final Map<String, Long> lastSeq = new HashMap<>();

    /** The book after {@code seq}; the first one is empty and of nobody. */
    record Step(long seq, Optional<Operation> by, Map<String, String> contacts, String checkCode) {}

    Fold(PlainCodes codes, List<Operation> applied) {
        this.codes = codes;
        add(new Step(0, Optional.empty(), Map.of(), codes.checkCode(Map.of())));
        applied.stream()
                .filter(each -> ok(each).changed(each.request().kind()))
                .sorted(Comparator.comparingLong(each -> ok(each).seq()))
                .forEach(this::apply);
        applied.stream()
                .filter(each -> !ok(each).changed(each.request().kind()))
                .forEach(this::changedNothing);
    }

    static Outcome.Ok ok(Operation operation) {
        return (Outcome.Ok) operation.outcome();
    }

    /** What does not fit. */
    List<String> faults() {
        return faults;
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    /** The book at each seq, in order. */
    List<Step> steps() {
        return steps;
    }

    /** The last card of each contact that was in the book until a seq, and is not in it then. */
    Map<String, String> trash(long seq) {
        Map<String, String> gone = new TreeMap<>();
        Map<String, String> before = Map.of();
        for (Step step : steps) {
            if (step.seq() > seq) {
                break;
            }
            gone.putAll(before);
            gone.keySet().removeAll(step.contacts().keySet());
            before = step.contacts();
        }
        return gone;
    }

    /** When the book had that code, in order: what was put and deleted again is the book of before. */
    List<Step> at(String checkCode) {
        return byCode.getOrDefault(checkCode, List.of());
    }

    /** The seq of the last change of a contact, a deleted one too, since the last full upload. */
    Map<String, Long> lastSeq() {
        return lastSeq;
    }

    private void add(Step step) {
        byCode.computeIfAbsent(step.checkCode(), code -> new ArrayList<>()).add(step);
        steps.add(step);
    }

    private void apply(Operation operation) {
        Outcome.Ok said = ok(operation);
        Step before = last();
        if (said.seq() != before.seq() + 1) {
            fault(
                    operation,
                    said.seq() <= before.seq()
                            ? "has the seq of another operation"
                            : "comes after seq " + before.seq() + ": what was between them is not known");
        }
        mayBeApplied(operation, before);
        boolean replaces = operation.request().kind().replaces();
        Map<String, String> after = after(operation, before);
        if (replaces) {
            lastSeq.clear();
        }
        Set<String> touched = new HashSet<>(after.keySet());
        touched.addAll(before.contacts().keySet());
        for (String uid : touched) {
            if (replaces
                    ? after.containsKey(uid)
                    : !Objects.equals(after.get(uid), before.contacts().get(uid))) {
                lastSeq.put(uid, said.seq());
            }
        }
        answerFits(operation, before.contacts(), after);
        add(new Step(said.seq(), Optional.of(operation), after, codes.checkCode(after)));
    }

    private Map<String, String> after(Operation operation, Step before) {
        Operation.Request request = operation.request();
        Map<String, String> after = new TreeMap<>(before.contacts());
        switch (request.kind()) {
            case TRASH -> putBack(operation, after);
            case RESTORE -> {
                after.clear();
                at(request.target()).stream()
                        .findFirst()
                        .ifPresentOrElse(
                                step -> after.putAll(step.contacts()),
                                () -> fault(operation, "has restored a book that never was"));
            }
            default -> {
                if (request.kind().replaces()) {
                    after.clear();
                }
                request.edits().forEach(edit -> edit.applyTo(after));
            }
        }
        return after;
    }

    /** The last version of a contact, at some time between the request and its effect. */
    private void putBack(Operation operation, Map<String, String> book) {
        String uid = operation.request().target();
        if (book.containsKey(uid)) {
            fault(operation, "has put a contact back that was there");
        }
        long invoked = operation.invoked().orElse(0L);
        long last = last().seq();
        long first = steps.stream()
                .filter(step -> step.by().flatMap(Operation::settled).orElse(0L) < invoked)
                .mapToLong(Step::seq)
                .max()
                .orElse(0);
        for (long seq = last; seq >= first; seq--) {
            String card = version(uid, seq);
            if (card != null) {
                book.put(uid, card);
                if (codes.checkCode(book).equals(ok(operation).checkCode())) {
                    return;
                }
            }
        }
        fault(operation, "has not put the last version back");
    }

    /** What the contact was at a seq, or before it when it was not there then. */
    private @Nullable String version(String uid, long seq) {
        String card = null;
        for (Step step : steps) {
            if (step.seq() <= seq && step.contacts().containsKey(uid)) {
                card = step.contacts().get(uid);
            }
        }
        return card;
    }

    private void mayBeApplied(Operation operation, Step before) {
        Operation.Request request = operation.request();
        if (request.kind() == Operation.Kind.TRASH) {
            return; // into the book as it is
        }
        boolean other = !request.firstCode().equals(before.checkCode());
        if (other && !request.rebase()) {
            fault(operation, "was applied to another book than that of its first check code: " + before.checkCode());
        }
        if (other != ok(operation).rebased()) {
            fault(operation, other ? "does not say that it was rebased" : "says that it was rebased");
        }
        for (Edit edit : request.edits()) {
            if (!edit.holdsIn(before.contacts(), codes)) {
                fault(operation, "was applied although " + edit.uid() + " was not " + expected(edit));
            }
        }
    }

    private void answerFits(Operation operation, Map<String, String> before, Map<String, String> after) {
        Outcome.Ok said = ok(operation);
        String code = codes.checkCode(after);
        if (!said.checkCode().equals(code)) {
            fault(operation, "was answered another check code than that of its result, " + code);
        }
        if (said.count() != after.size()) {
            fault(operation, "was answered another count than " + after.size());
        }
        int puts = (int) after.entrySet().stream()
                .filter(each -> !each.getValue().equals(before.get(each.getKey())))
                .count();
        int deletes = (int)
                before.keySet().stream().filter(uid -> !after.containsKey(uid)).count();
        if (said.puts() != puts || said.deletes() != deletes) {
            fault(operation, "was answered other counts than put " + puts + ", deleted " + deletes);
        }
    }

    /** An operation that was applied and found nothing to change. */
    private void changedNothing(Operation operation) {
        Outcome.Ok said = ok(operation);
        Optional<Step> found = at(said.checkCode()).stream()
                .filter(step -> step.seq() == said.seq() && step.contacts().size() == said.count())
                .findFirst();
        if (found.isEmpty()) {
            fault(operation, "changed nothing and was answered a book that never was");
            return;
        }
        Map<String, String> after = new TreeMap<>(found.get().contacts());
        operation.request().edits().forEach(edit -> edit.applyTo(after));
        boolean restores = operation.request().kind() == Operation.Kind.RESTORE;
        if (!after.equals(found.get().contacts())
                || restores && !said.checkCode().equals(operation.request().target())) {
            fault(operation, "was answered that it changed nothing, which it must have");
        }
    }

    private void fault(Operation operation, String what) {
        faults.add("operation " + what + "\n    " + operation);
    }

    private static String expected(Edit edit) {
        return edit.expected() instanceof Expected.Hash hash ? hash.hex() : "absent";
    }
}
