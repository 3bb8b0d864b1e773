package org.contactsync.sync.step;

import java.util.List;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;

/**
 * Steps of one owner that are to run right after each other, in one transaction.
 *
 * @param steps at least one, in their order; each of another task
 */
public record Series(List<ApplyChanges> steps) {
    public Series {
        steps = List.copyOf(steps);
        if (steps.isEmpty()
                || steps.stream().map(ApplyChanges::owner).distinct().count() != 1
                || steps.stream().map(ApplyChanges::task).distinct().count() != steps.size()) {
            throw new IllegalArgumentException("not different tasks of one owner: " + steps.size() + " steps");
        }
    }

    public ApplyChanges first() {
        return steps.get(0);
    }

    /** That of the first step. */
    public Head head() {
        return first().head();
    }

    public Owner owner() {
        return first().owner();
    }
}
