package org.contactsync.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.faults.Edit.Expected;

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
        Map<String, String> after = new TreeMap<>(before.contacts());
        if (operation.request().kind().replaces()) {
            after.clear();
            lastSeq.clear();
        }
        for (Edit edit : operation.request().edits()) {
            String was = before.contacts().get(edit.uid());
            edit.applyTo(after);
            if (operation.request().kind().replaces()
                    || !Optional.ofNullable(was).equals(edit.card())) {
                lastSeq.put(edit.uid(), said.seq());
            }
        }
        answerFits(operation, before.contacts(), after);
        add(new Step(said.seq(), Optional.of(operation), after, codes.checkCode(after)));
    }

    private void mayBeApplied(Operation operation, Step before) {
        Operation.Request request = operation.request();
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
        if (!after.equals(found.get().contacts())) {
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
