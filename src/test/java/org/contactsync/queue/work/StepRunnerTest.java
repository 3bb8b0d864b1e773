package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.message.SentSteps;
import org.contactsync.queue.message.Stopping;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.sync.Examples;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** Steps that are to run in one transaction, and what becomes of them when they do not. */
class StepRunnerTest {
    private final ApplyChanges first = step(1);
    private final ApplyChanges second = step(2);
    private final ApplyChanges third = step(3);
    private final Series series = new Series(List.of(first, second, third));
    private final SentSteps sent = new SentSteps(new StepsPerCommit(16));
    private final List<Reply> replies = new ArrayList<>();

    @Test
    void stepsThatRanTogetherAreAnsweredInTheirOrderAndTheirMessagesHaveNothingToDo() {
        Transactions transactions = new Transactions(StepRunnerTest::all);

        assertThat(run(transactions)).isEqualTo(3);
        assertThat(replies).extracting(Reply::to).containsExactly(to(first), to(second), to(third));
        assertThat(transactions.alone).isEmpty();
        assertThat(sent.hasRun(first)).isFalse();
        assertThat(sent.hasRun(second)).isTrue();
        assertThat(sent.hasRun(third)).isTrue();
    }

    @Test
    void whenOnlyTheFirstOneCouldRunTheOthersAreLeftToTheirMessages() {
        Transactions transactions = new Transactions(run -> List.of(done(run.first())));

        assertThat(run(transactions)).isEqualTo(1);
        assertThat(replies).extracting(Reply::to).containsExactly(to(first));
        assertThat(transactions.alone).isEmpty();
        assertOthersAreLeft();
    }

    @Test
    void whenOneFailsTheFirstRunsAloneAndTheOthersAreLeftToTheirMessages() {
        for (RuntimeException failure : List.of(
                new IllegalStateException("poisoned"),
                new StaleBookException(1, 1),
                new IllegalStateException(new SQLException("unique", "23505")))) {
            replies.clear();
            Transactions transactions = new Transactions(run -> {
                throw failure;
            });

            assertThat(run(transactions)).isEqualTo(1);
            assertThat(transactions.alone).containsExactly(first);
            assertThat(replies).extracting(Reply::to).containsExactly(to(first));
            assertOthersAreLeft();
        }
    }

    /** A database that is away is not asked twice for one message. */
    @Test
    void whenTheDatabaseIsAwayTheFirstOneIsToldSo() {
        Transactions transactions = new Transactions(run -> {
            throw new IllegalStateException(new SQLException("away", "08006"));
        });

        assertThat(run(transactions)).isEqualTo(1);
        assertThat(transactions.alone).isEmpty();
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.to()).isEqualTo(to(first));
            assertThat(((Refused) reply.outcome()).problem()).isInstanceOf(Problem.Unavailable.class);
        });
        assertOthersAreLeft();
    }

    private void assertOthersAreLeft() {
        assertThat(List.of(first, second, third)).noneMatch(sent::hasRun);
    }

    private int run(Transactions transactions) {
        StepOutlet outlet = new StepOutlet() {
            @Override
            public void accept(Reply reply) {
                replies.add(reply);
            }

            @Override
            public void runElsewhere() {
                throw new AssertionError("nothing waits");
            }
        };
        CommitGroups groups =
                new CommitGroups(transactions, 1, 1, new CommitGroups.Waits(Duration.ZERO, Duration.ZERO), steps -> {});
        return new StepRunner(transactions, new Aside(), new Stopping(new PendingReplies()), sent, groups)
                .runTogether(series, outlet);
    }

    private static List<Replies> all(Series series) {
        return series.steps().stream().map(StepRunnerTest::done).toList();
    }

    private static Replies done(Step step) {
        return Replies.of(step.head().replyTo(), new Outcome.Gone());
    }

    private static ReplyTo to(Step step) {
        return step.head().replyTo();
    }

    private static ApplyChanges step(int number) {
        Head head = new Head(
                Examples.ADA,
                TaskId.random(),
                Optional.empty(),
                Instant.EPOCH,
                new ReplyTo("contacts.reply.one", new UUID(1, number)));
        return new ApplyChanges(
                head,
                Examples.DIGEST,
                Examples.SOME_CODE,
                new IncrementalSync(List.of(Examples.delete(number)), Optional.empty(), OnMismatch.REBASE, false));
    }

    /** Transactions of which the test says what they come to. */
    private static final class Transactions extends StepTransaction {
        private final Function<Series, List<Replies>> together;
        private final List<Step> alone = new ArrayList<>();

        Transactions(Function<Series, List<Replies>> together) {
            this.together = together;
        }

        @Override
        public List<Replies> runSeriesIfUnlocked(Series series) {
            return together.apply(series);
        }

        @Override
        public Replies runIfUnlocked(Step step) {
            alone.add(step);
            return done(step);
        }
    }
}
