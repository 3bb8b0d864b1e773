package org.contactsync.queue.message;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;

/**
 * Steps of waiting requests of this instance whose messages are on their way. When the message of one comes, the others of
 * its owner may run together with it; their own messages then find that they have run. Everything here is a hint: a step
 * that is forgotten runs when its message comes, and one that has run finds its receipt. Thread-safe.
 */
@ApplicationScoped
public class SentSteps {
    /** Changes and lost cards of all steps that run together: as many as one request may have changes. */
    private static final int MOST_CHANGES = 1_000;

    /** Twice as many messages as requests may wait. */
    private static final int MOST_REMEMBERED = 4_000;

    private final int most;
    private final Map<Owner, Map<UUID, ApplyChanges>> waiting = new HashMap<>();

    /** By request, the latest ones. */
    private final Map<UUID, State> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, State> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private enum State {
        /** Its message has come. */
        BEGUN,
        /** It has run together with another one, and its message is still to come. */
        HAS_RUN
    }

    /** For the container's proxy. */
    protected SentSteps() {
        most = 1;
    }

    @Inject
    public SentSteps(StepsPerCommit steps) {
        most = steps.most();
    }

    /**
     * Adds a step whose message has just been sent. It stays until it is taken, its task has a row, or its request is answered.
     *
     * @param request whose step it is; when the task has a row it runs what {@link #forgetting} has made
     */
    public void add(ApplyChanges step, WaitingRequest<?> request) {
        if (most == 1) {
            return;
        }
        put(step);
        Runnable forget = forgetting(step);
        if (!request.keepsStep()) {
            // The message was faster than this thread, in another instance, and so was the reply: the step was to be
            // forgotten before it was added.
            forget.run();
            return;
        }
        request.outcome().whenComplete((answer, failure) -> forget.run());
    }

    private synchronized void put(ApplyChanges step) {
        if (remembered.get(request(step)) == null) {
            waiting.computeIfAbsent(step.owner(), owner -> new LinkedHashMap<>())
                    .put(request(step), step);
        }
    }

    /** Forgets a step when its task has a row, or its request is answered. Does not keep the step, which has no share of the budget then. */
    public Runnable forgetting(ApplyChanges step) {
        Owner owner = step.owner();
        UUID request = request(step);
        return () -> remove(owner, request);
    }

    private synchronized void remove(Owner owner, UUID request) {
        Map<UUID, ApplyChanges> of = waiting.get(owner);
        if (of != null) {
            of.remove(request);
            if (of.isEmpty()) {
                waiting.remove(owner);
            }
        }
    }

    /** Whether a step whose message comes has run together with another one; says so once. */
    public synchronized boolean hasRun(Step step) {
        return remembered.get(request(step)) == State.HAS_RUN && remembered.remove(request(step)) != null;
    }

    /**
     * Takes the steps that may run together with one whose message has come.
     *
     * @return with that one as the first; empty if it is to run alone
     */
    public synchronized Optional<Series> take(Step come) {
        return most == 1 ? Optional.empty() : come.asApplyChanges().flatMap(this::takeWith);
    }

    private Optional<Series> takeWith(ApplyChanges first) {
        remembered.put(request(first), State.BEGUN);
        remove(first.owner(), request(first));
        List<ApplyChanges> steps = new ArrayList<>(List.of(first));
        Set<TaskId> tasks = new HashSet<>(Set.of(first.task()));
        int changes = size(first);
        Iterator<ApplyChanges> others =
                waiting.getOrDefault(first.owner(), Map.of()).values().iterator();
        while (others.hasNext() && steps.size() < most) {
            ApplyChanges next = others.next();
            changes += size(next);
            if (changes > MOST_CHANGES) {
                break;
            }
            if (tasks.add(next.task())) {
                steps.add(next);
                others.remove();
            }
        }
        if (waiting.getOrDefault(first.owner(), Map.of()).isEmpty()) {
            waiting.remove(first.owner());
        }
        return steps.size() == 1 ? Optional.empty() : Optional.of(new Series(steps));
    }

    /** The steps have run together with another one: their messages have nothing to do. */
    public synchronized void haveRun(List<ApplyChanges> steps) {
        steps.forEach(step -> remembered.put(request(step), State.HAS_RUN));
    }

    /** How many steps wait. */
    synchronized int size() {
        return waiting.values().stream().mapToInt(Map::size).sum();
    }

    private static int size(ApplyChanges step) {
        return step.sync().changes().size() + step.sync().lost().size();
    }

    private static UUID request(Step step) {
        return step.head().replyTo().correlation();
    }
}
