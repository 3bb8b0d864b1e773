package org.contactsync.sync.step;

import org.contactsync.sync.step.Step.Head;

/**
 * A step that a newer version of the service wrote and this one cannot read. It is intact: another instance can read it.
 */
public final class NewerStepException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient Head head;

    NewerStepException(int version, int kind, Head head) {
        super("step of a newer version: version=" + version + " kind=" + kind);
        this.head = head;
    }

    /** The owner of the step and the request that waits for it; every version writes them in the same place. */
    public Head head() {
        return head;
    }
}
