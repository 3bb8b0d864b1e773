package org.contactsync.sync;

import java.util.List;
import org.contactsync.protocol.Outcome;

/**
 * What a step came to, to be sent after its transaction has committed.
 *
 * @param replies outcomes with where they go
 * @param next what the same owner's queue needs now
 */
public record Replies(List<Reply> replies, Next next) {
    /** @param parked the task has its row and will be run later; the request may go on waiting for another reply */
    public record Reply(ReplyTo to, Outcome outcome, boolean parked) {}

    /** What comes after the step. */
    public enum Next {
        NOTHING,
        /** Tasks wait and may run now. */
        RUN_WAITING,
        /** Earlier tasks wait; run them first, then the same step again. */
        EARLIER_FIRST,
        /** The step is long and has not run: run it where it holds up no other user. */
        LONG
    }

    public Replies {
        replies = List.copyOf(replies);
    }

    static Replies of(ReplyTo to, Outcome outcome) {
        return new Replies(List.of(new Reply(to, outcome, false)), Next.NOTHING);
    }

    static Replies of(ReplyTo to, Outcome outcome, Next next) {
        return new Replies(List.of(new Reply(to, outcome, false)), next);
    }

    /** The same, and what waits may run now. */
    Replies thenRunWaiting() {
        return next == Next.NOTHING ? new Replies(replies, Next.RUN_WAITING) : this;
    }

    static Replies parked(ReplyTo to, Outcome outcome) {
        return new Replies(List.of(new Reply(to, outcome, true)), Next.NOTHING);
    }

    static Replies none(Next next) {
        return new Replies(List.of(), next);
    }
}
