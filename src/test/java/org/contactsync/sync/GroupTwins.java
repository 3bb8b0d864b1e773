package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.sync.TwinRequests.Request;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Pairs of users whose devices want the same at random: the changes of the first ones run together, those of the others one after
 * the other. Whatever can be seen of the books of a pair must be the same, and all that is stored of them but ids.
 */
final class GroupTwins {
    private static final int PAIRS = 5;

    private final TestService service;
    private final StoredRows rows;
    private final boolean onlyUsual;
    private final TwinView view;
    private final Random random;
    private final TwinRequests requests;
    private final String run;
    private final List<Pair> pairs;
    private int ranTogether;

    /** @param onlyUsual whether steps may be left out whose updates the store does not write together */
    GroupTwins(TestService service, StoredRows rows, boolean onlyUsual, long seed) {
        this.service = service;
        this.rows = rows;
        this.onlyUsual = onlyUsual;
        view = new TwinView(service, TwinRequests.UIDS);
        random = new Random(seed);
        requests = new TwinRequests(random);
        run = "seed=" + seed;
        List<Owner> together = owners("together-" + seed);
        List<Owner> alone = owners("alone-" + seed);
        rows.shareKey(List.of(together, alone).stream()
                .flatMap(List::stream)
                .map(owner -> service.book(owner).id())
                .toList());
        pairs = IntStream.range(0, PAIRS)
                .mapToObj(n -> new Pair(new Twin(service, together.get(n)), new Twin(service, alone.get(n))))
                .toList();
    }

    private static List<Owner> owners(String name) {
        return IntStream.range(0, PAIRS)
                .mapToObj(n -> Examples.owner(name + "-" + n))
                .toList();
    }

    private record Pair(Twin together, Twin alone) {}

    /** What both of a pair ask for in a round. */
    private record Ask(Pair pair, ApplyChanges together, ApplyChanges alone, boolean repeated, boolean behind) {}

    void run(int rounds) {
        round(pairs, pair -> TwinRequests.first());
        for (int i = 0; i < rounds; i++) {
            service.pass(Duration.ofSeconds(random.nextInt(100)));
            List<Pair> some = new ArrayList<>(pairs);
            Collections.shuffle(some, random);
            round(some.subList(0, 1 + random.nextInt(PAIRS)), pair -> requests.next());
        }
        // Each seed is what it always was: this is no matter of luck.
        assertThat(ranTogether).as(run).isGreaterThan(rounds / 4);
    }

    private void round(List<Pair> some, Function<Pair, Request> wanted) {
        List<Ask> asks =
                some.stream().map(pair -> ask(pair, wanted.apply(pair))).toList();
        List<ApplyChanges> together = asks.stream().map(Ask::together).toList();
        List<Boolean> known = together.stream()
                .map(step -> step.firstCode().equals(service.code(step.owner())))
                .toList();

        List<Optional<Replies>> ran = service.runGroup(together);
        List<Reply> replies = service.finishGroup(together, ran);
        List<Reply> repliesAlone = asks.stream()
                .flatMap(ask -> service.deliver(ask.alone()).stream())
                .toList();

        for (int i = 0; i < asks.size(); i++) {
            if (asks.get(i).behind()
                    || !known.get(i)
                    || isInConflict(asks.get(i).together(), replies)) {
                assertThat(ran.get(i)).as(run).isEmpty();
            } else if (!asks.get(i).repeated() && !onlyUsual) {
                assertThat(ran.get(i)).as(run).isPresent();
            }
        }
        ranTogether += (int) ran.stream().filter(Optional::isPresent).count();
        assertThat(replies.stream().map(reply -> TwinView.outcome(reply.outcome())))
                .as(run)
                .containsExactlyElementsOf(repliesAlone.stream()
                        .map(reply -> TwinView.outcome(reply.outcome()))
                        .toList());
        for (Ask ask : asks) {
            Owner first = ask.pair().together().owner();
            Owner second = ask.pair().alone().owner();
            Map<String, Object> state = view.state(first);
            assertThat(state).as(run).isEqualTo(view.state(second));
            assertThat(rows.of(service.book(first).id()))
                    .as(run)
                    .isEqualTo(rows.of(service.book(second).id()));
            ask.pair().together().remember(List.of(ask.together()));
            ask.pair().alone().remember(List.of(ask.alone()));
        }
    }

    private static boolean isInConflict(ApplyChanges step, List<Reply> replies) {
        return replies.stream()
                .anyMatch(reply -> reply.to().equals(step.head().replyTo())
                        && reply.outcome() instanceof Refused refused
                        && refused.problem() instanceof ContactConflict);
    }

    /** Now and then one that was sent before, and now and then one behind a task that was accepted. */
    private Ask ask(Pair pair, Request request) {
        boolean repeated = random.nextInt(8) == 0;
        int which = random.nextInt(1_000);
        if (random.nextInt(10) == 0) {
            Request accepted = requests.next();
            service.park(pair.together().steps(List.of(accepted), false, 0, 0).get(0));
            service.park(pair.alone().steps(List.of(accepted), false, 0, 0).get(0));
        }
        ApplyChanges first =
                pair.together().steps(List.of(request), repeated, which, 0).get(0);
        ApplyChanges second =
                pair.alone().steps(List.of(request), repeated, which, 0).get(0);
        boolean behind = service.book(pair.together().owner()).openTasks() > 0;
        return new Ask(pair, first, second, repeated, behind);
    }
}
