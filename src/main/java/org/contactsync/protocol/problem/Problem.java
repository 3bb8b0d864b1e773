package org.contactsync.protocol.problem;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;

/** Why a request was refused, with the fields of its own. {@code protocol.json} writes it as {@code application/problem+json} (RFC 9457). */
public sealed interface Problem {
    ProblemType type();

    /** What happened here, for a person; never contact data besides uids. */
    String detail();

    /** How long to wait before the next attempt ({@code Retry-After}). */
    default Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** A problem without fields of its own. */
    record Plain(ProblemType type, String detail) implements Problem {}

    /** Something in the request is not as the protocol says. */
    record MalformedRequest(String pointer, String detail) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.MALFORMED_REQUEST;
        }
    }

    /** At least one contact breaks a rule; nothing of the request was accepted. */
    record InvalidContacts(List<ContactFlaw> flaws) implements Problem {
        public InvalidContacts {
            flaws = List.copyOf(flaws);
        }

        @Override
        public ProblemType type() {
            return ProblemType.INVALID_CONTACTS;
        }

        @Override
        public String detail() {
            return (flaws.size() == 1 ? "1 rule is" : flaws.size() + " rules are")
                    + " broken; nothing of this request was accepted";
        }
    }

    /** The book's code is not the task's first code. */
    record CheckCodeMismatch(CheckCode serverCheckCode, long serverCount, long serverSeq, Optional<Missed> missed)
            implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.CHECK_CODE_MISMATCH;
        }

        @Override
        public String detail() {
            return "the book has changed since the task was made; nothing was applied";
        }
    }

    /** The code of the result is not the predicted one; the change was rolled back. */
    record ResultCodeMismatch(CheckCode serverCheckCode, long count) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.RESULT_CODE_MISMATCH;
        }

        @Override
        public String detail() {
            return "the book would have the code in serverCheckCode, not the predicted one; nothing was applied";
        }
    }

    /** Contacts are not what their {@code ifContentHash} says; {@code conflicts} may be the first ones alone. */
    record ContactConflict(List<Conflict> conflicts, int total, CheckCode serverCheckCode) implements Problem {
        /** So many are kept with a task, without cards, and so many are told with cards. */
        public static final int KEPT = 20;

        public ContactConflict {
            conflicts = List.copyOf(conflicts);
        }

        /** All of them. */
        public ContactConflict(List<Conflict> conflicts, CheckCode serverCheckCode) {
            this(conflicts, conflicts.size(), serverCheckCode);
        }

        /** What is kept with the task: the first ones without cards, and their number. */
        public ContactConflict kept() {
            return new ContactConflict(
                    conflicts.stream().limit(KEPT).map(Conflict::withoutCards).toList(), total, serverCheckCode);
        }

        /** Whether some of the contacts are not named. */
        public boolean isShortened() {
            return conflicts.size() < total;
        }

        @Override
        public ProblemType type() {
            return ProblemType.CONTACT_CONFLICT;
        }

        @Override
        public String detail() {
            return (total == 1 ? "1 contact is" : total + " contacts are") + " not as expected; nothing was applied";
        }
    }

    /** More than half of the book would go. */
    record MassDeleteSuspected(long deletes, long count) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.MASS_DELETE_SUSPECTED;
        }

        @Override
        public String detail() {
            return deletes + " of " + count + " contacts would be deleted; nothing was applied";
        }
    }

    /**
     * Two devices change contacts back and forth.
     *
     * @param looping the first of the contacts
     * @param total how many there are
     */
    record SyncLoop(List<Looping> looping, int total) implements Problem {
        /** So many are named. */
        public static final int MOST_NAMED = 20;

        /** @param device the other one */
        public record Looping(Uid uid, DeviceId device) {}

        public SyncLoop {
            looping = List.copyOf(looping);
        }

        /** Names the first of them. */
        public static SyncLoop of(List<Looping> all) {
            return new SyncLoop(all.subList(0, Math.min(all.size(), MOST_NAMED)), all.size());
        }

        @Override
        public ProblemType type() {
            return ProblemType.SYNC_LOOP;
        }

        @Override
        public String detail() {
            return "this device and another one have changed " + total + (total == 1 ? " contact" : " contacts")
                    + " back and forth several times; nothing was applied";
        }
    }

    /** Another chunk than the next one. */
    record ChunkOutOfOrder(int expected) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.CHUNK_OUT_OF_ORDER;
        }

        @Override
        public String detail() {
            return "chunk " + expected + " is expected next";
        }
    }

    /** The number was used for other content. */
    record ChunkConflict(int chunk) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.CHUNK_CONFLICT;
        }

        @Override
        public String detail() {
            return "chunk " + chunk + " was acknowledged before with another digest";
        }
    }

    /** A commit before all chunks came. */
    record ChunksMissing(int nextChunk, long received, long announced) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.CHUNKS_MISSING;
        }

        @Override
        public String detail() {
            return received + " of " + announced + " announced contacts have been received";
        }
    }

    /** The upload's turn has not come. */
    record TaskWaiting(int position) implements Problem {
        private static final Duration RETRY = Duration.ofSeconds(2);

        @Override
        public ProblemType type() {
            return ProblemType.TASK_WAITING;
        }

        @Override
        public String detail() {
            return "tasks ahead of this one: " + position;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(RETRY);
        }
    }

    /** The user's queue takes no more: too many wait, or one for too long. */
    record QueueFull(String detail) implements Problem {
        private static final Duration RETRY = Duration.ofSeconds(10);

        @Override
        public ProblemType type() {
            return ProblemType.QUEUE_FULL;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(RETRY);
        }
    }

    /** The task takes nothing more. */
    record TaskFinished(TaskState state, String detail) implements Problem {
        public TaskFinished(TaskState state) {
            this(state, "the task is " + state.wireName());
        }

        @Override
        public ProblemType type() {
            return ProblemType.TASK_FINISHED;
        }
    }

    /** The key's first request is not finished. */
    record InProgress(TaskId task) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS;
        }

        @Override
        public String detail() {
            return "the first request with this Idempotency-Key has been accepted and is not finished";
        }
    }

    /**
     * The user has used up a quota; other users are not concerned.
     *
     * @param limit how much of it one user may use
     * @param after when it may help to repeat the request
     */
    record QuotaExceeded(Quota quota, long limit, String detail, Duration after) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.QUOTA_EXCEEDED;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(after);
        }
    }

    /** Nothing is wrong with the request; its outcome may be unknown. */
    record Unavailable(UnavailableReason reason, Duration after) implements Problem {
        @Override
        public ProblemType type() {
            return ProblemType.UNAVAILABLE;
        }

        @Override
        public String detail() {
            return reason.detail();
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(after);
        }
    }
}
