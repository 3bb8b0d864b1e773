package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;

import java.util.List;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** What steps of one user that run in one transaction are told that they have missed, over whatever store. */
public abstract class SeriesFeedScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");
    private final TestDevice watch = service.device("watch");

    protected abstract TestStore newStore();

    /** Protocol 5.6: what the steps before it have written counts too. */
    @Test
    void whatAStepHasMissedIsCutWhenItIsMoreThanAnAnswerHas() {
        CheckCode empty = service.code(ADA);
        int number = Missed.INLINE_CHANGES - 1;
        done(service.answer(phone.changesFrom(
                empty, IntStream.range(0, number).mapToObj(n -> put(n, "first")).toArray(Change[]::new))));

        List<Reply> replies = service.deliverTogether(List.of(
                tablet.rebasing(empty, put(number, "second")),
                watch.rebasing(empty, put(number + 1, "third")),
                phone.rebasing(empty, put(number + 2, "fourth"))));

        assertThat(missed(replies.get(0)).changes()).hasSize(number);
        assertThat(missed(replies.get(0)).since()).isEmpty();
        assertThat(missed(replies.get(1)).changes())
                .hasSize(number + 1)
                .last()
                .satisfies(change -> assertThat(change.uid()).isEqualTo(uid(number)));
        assertThat(missed(replies.get(1)).since()).isEmpty();
        assertThat(missed(replies.get(2)).changes()).hasSize(number);
        assertThat(missed(replies.get(2)).since()).contains(1L);
    }

    /** Protocol 5.6: since the latest time that the book had the code. */
    @Test
    void aCodeThatComesBackInTheSeriesCountsFromThen() {
        CheckCode empty = service.code(ADA);
        done(service.answer(phone.changesFrom(empty, put(1, "Ada"))));
        CheckCode comesBack = service.code(ADA);

        List<Reply> replies = service.deliverTogether(List.of(
                tablet.rebasing(empty, put(1, "Bob")),
                phone.rebasing(empty, put(1, "Ada")),
                watch.rebasing(empty, put(2, "Cy")),
                tablet.rebasing(comesBack, put(3, "Dan"))));

        assertThat(done(replies.get(1).outcome()).checkCode()).isEqualTo(comesBack);
        assertThat(missed(replies.get(3)).changes())
                .extracting(change -> change.uid())
                .containsExactly(uid(2));
    }

    private static Missed missed(Reply reply) {
        return done(reply.outcome()).missed().orElseThrow();
    }
}
