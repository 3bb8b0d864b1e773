package org.contactsync.sync;

import org.contactsync.protocol.TaskId;

/** Running a waiting task threw; says which one. The transaction must end without effect. */
public final class WaitingTaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient TaskId task;

    WaitingTaskException(TaskId task, RuntimeException cause) {
        super("waiting task failed: task=" + task, cause);
        this.task = task;
    }

    public TaskId task() {
        return task;
    }
}
