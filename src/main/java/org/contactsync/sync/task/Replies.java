package org.contactsync.sync.task;

import java.util.List;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.sync.step.ReplyTo;

/**
 * The outcome of a step, to be sent after its transaction has committed.
 *
 * @param replies outcomes with their addresses
 * @param next what the owner's queue needs next
 */
public record Replies(List<Reply> replies, Next next) {
    /** @param parked the task has its row and will run later; the request may keep waiting for another reply */
    public record Reply(ReplyTo to, Outcome outcome, boolean parked) {}

    /** What to do after the step. */
    public enum Next {
        NOTHING,
        /** Tasks wait and may run now. */
        RUN_WAITING,
        /** Earlier tasks wait; run them first, then the same step again. */
        EARLIER_FIRST,
        /** The first waiting task was parked by a newer version: an instance of that version has to run it. */
        ELSEWHERE,
        /** The step is long and has not run: run it where it delays no other user. */
        LONG
    }

    public Replies {
        replies = List.copyOf(replies);
    }

    public static Replies of(ReplyTo to, Outcome outcome) {
        return new Replies(List.of(new Reply(to, outcome, false)), Next.NOTHING);
    }

    public static Replies of(ReplyTo to, Outcome outcome, Next next) {
        return new Replies(List.of(new Reply(to, outcome, false)), next);
    }

    /** The same, and waiting tasks may run now. */
    public Replies thenRunWaiting() {
        return next == Next.NOTHING ? new Replies(replies, Next.RUN_WAITING) : this;
    }

    public static Replies parked(ReplyTo to, Outcome outcome) {
        return new Replies(List.of(new Reply(to, outcome, true)), Next.NOTHING);
    }

    public static Replies none(Next next) {
        return new Replies(List.of(), next);
    }
}
