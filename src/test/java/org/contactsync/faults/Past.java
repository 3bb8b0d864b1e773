package org.contactsync.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.faults.Fold.Step;
import org.contactsync.faults.PastReading.Change;

/** Whether what is said of the past is what was, and whether events told it in order and to its end. One thread at a time. */
final class Past {
    private final Fold fold;
    private final Map<Long, Step> bySeq = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    Past(Fold fold) {
        this.fold = fold;
        fold.steps().forEach(step -> bySeq.put(step.seq(), step));
    }

    List<String> check(History history) {
        history.pastReadings().forEach(reading -> {
            reading.changes().ifPresent(changes -> changesWere(reading, changes));
            reading.trash().ifPresent(trash -> trashWas(reading, trash));
        });
        stored(history.stored().history());
        events(history.events());
        return faults;
    }

    private void changesWere(PastReading reading, List<Change> changes) {
        if (!changes.isEmpty() && !changes.get(0).after().equals(reading.checkCode())) {
            faults.add("a history that does not end at the book: " + reading);
        }
        for (int i = 0; i < changes.size(); i++) {
            if (i > 0 && changes.get(i).seq() != changes.get(i - 1).seq() - 1) {
                faults.add("a history with a gap: " + reading);
            }
            was(changes.get(i)).ifPresent(fault -> faults.add(fault + ": " + reading));
        }
    }

    /** Each task that changed the book, once, with the codes of the book before and after it. */
    private void stored(List<Change> changes) {
        List<Long> seqs = changes.stream().map(Change::seq).toList();
        List<Long> wanted = fold.steps().stream().skip(1).map(Step::seq).toList();
        if (!seqs.equals(wanted)) {
            faults.add("the history has " + seqs + " and not " + wanted);
        }
        changes.forEach(each -> was(each).ifPresent(fault -> faults.add(fault + ", stored: " + each)));
    }

    private Optional<String> was(Change change) {
        Step step = bySeq.get(change.seq());
        Step before = bySeq.get(change.seq() - 1);
        if (step == null || before == null) {
            return Optional.of("a change in the history that never was");
        }
        boolean fits = change.after().equals(step.checkCode())
                && change.before().equals(before.checkCode())
                && change.count() == step.contacts().size()
                && step.by()
                        .map(operation -> Fold.ok(operation).task().equals(change.task()))
                        .orElse(false);
        return fits ? Optional.empty() : Optional.of("a change in the history that was another one");
    }

    private void trashWas(PastReading reading, Map<String, String> trash) {
        List<Step> steps = fold.at(reading.checkCode());
        if (steps.stream().noneMatch(step -> fold.trash(step.seq()).equals(trash))) {
            faults.add("a trash that never was: " + reading + "\n    and not "
                    + steps.stream().map(step -> fold.trash(step.seq())).toList());
        }
    }

    private void events(List<Event> events) {
        Map<Integer, Long> told = new HashMap<>();
        for (Event each : events) {
            Step step = bySeq.get(each.seq());
            if (step == null || !step.checkCode().equals(each.checkCode())) {
                faults.add("an event of a book that never was: " + each);
            } else if (step.by().flatMap(Operation::invoked).orElse(0L) > each.at()) {
                faults.add("an event before the request that it tells of: " + each);
            }
            if (told.getOrDefault(each.connection(), 0L) > each.seq()) {
                faults.add("an event that is older than the one before it: " + each);
            }
            told.put(each.connection(), each.seq());
        }
        if (!events.isEmpty()
                && events.stream().mapToLong(Event::seq).max().orElse(0)
                        != fold.last().seq()) {
            faults.add("the events do not end at the last change, "
                    + fold.last().seq() + ": " + events.get(events.size() - 1));
        }
    }
}
