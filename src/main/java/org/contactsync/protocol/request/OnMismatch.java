package org.contactsync.protocol.request;

/** What happens when the book's code is not the task's first check code. */
public enum OnMismatch {
    /** Nothing is applied: the answer is {@code check-code-mismatch} with what was missed. The default. */
    REFUSE,
    /** The task is applied all the same when every contact it touches is as its {@code ifContentHash} says. */
    REBASE
}
