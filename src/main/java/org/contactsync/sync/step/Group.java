package org.contactsync.sync.step;

import java.util.List;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.step.Step.ApplyChanges;

/**
 * Steps of different owners that are to run in one transaction.
 *
 * @param steps at least one, each of another owner and of another task
 */
public record Group(List<ApplyChanges> steps) {
    public Group {
        steps = List.copyOf(steps);
        if (steps.isEmpty()
                || steps.stream().map(ApplyChanges::owner).distinct().count() != steps.size()
                || steps.stream().map(ApplyChanges::task).distinct().count() != steps.size()) {
            throw new IllegalArgumentException("not different owners and tasks: " + steps.size() + " steps");
        }
    }

    /** Whether a step may be added. */
    public static boolean fits(List<ApplyChanges> steps, ApplyChanges step) {
        TaskId task = step.task();
        return steps.stream()
                .noneMatch(
                        each -> each.owner().equals(step.owner()) || each.task().equals(task));
    }
}
