package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Two users whose devices want the same at random: the changes of one run together, those of the other one after the other.
 * Whatever can be seen of their books must be the same, except for what their check keys make different.
 */
final class SeriesTwins {

    private final TestService service;
    private final TwinView view;
    private final Random random;
    private final TwinRequests requests;
    private final String run;
    private final Twin together;
    private final Twin alone;

    SeriesTwins(TestService service, long seed) {
        this.service = service;
        view = new TwinView(service, TwinRequests.UIDS);
        random = new Random(seed);
        requests = new TwinRequests(random);
        run = "seed=" + seed;
        together = new Twin(service, ADA);
        alone = new Twin(service, BOB);
    }

    void run(int rounds) {
        round(List.of(TwinRequests.first()));
        for (int i = 0; i < rounds; i++) {
            service.pass(Duration.ofSeconds(random.nextInt(100)));
            round(IntStream.range(0, 2 + random.nextInt(5))
                    .mapToObj(n -> requests.next())
                    .toList());
        }
    }

    private void round(List<TwinRequests.Request> wanted) {
        boolean repeated = random.nextInt(6) == 0;
        int which = random.nextInt(1_000);
        int where = random.nextInt(wanted.size() + 1);
        List<ApplyChanges> first = together.steps(wanted, repeated, which, where);
        List<ApplyChanges> second = alone.steps(wanted, repeated, which, where);

        List<Reply> ran = service.deliverTogether(first);
        List<Reply> ranAlone =
                second.stream().flatMap(step -> service.deliver(step).stream()).toList();

        assertThat(ran.stream().map(reply -> TwinView.outcome(reply.outcome())))
                .as(run)
                .containsExactlyElementsOf(ranAlone.stream()
                        .map(reply -> TwinView.outcome(reply.outcome()))
                        .toList());
        assertThat(view.state(together.owner())).as(run).isEqualTo(view.state(alone.owner()));
        together.remember(first);
        alone.remember(second);
    }
}
