package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

class AnswerBudgetTest {
    private static final int PAGE = 4 << 20;
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AnswerBudget budget = new AnswerBudget(() -> {}, SHORT);

    private static Owner user(int number) {
        return new Owner("issuer", "user-" + number);
    }

    @Test
    void smallAnswersAreNotCounted() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(budget.take(user(1), AnswerBudget.SMALL - 1)).isZero();
        }
    }

    @Test
    void oneUserHasNoMoreThanAQuarter() {
        budget.take(user(1), PAGE);
        int second = budget.take(user(1), PAGE);

        assertThatThrownBy(() -> budget.take(user(1), PAGE))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem()).isInstanceOf(Problem.QuotaExceeded.class));
        assertThat(budget.take(user(2), PAGE)).isPositive();

        budget.release(user(1), second);
        assertThat(budget.take(user(1), PAGE)).isPositive();
    }

    @Test
    void allTogetherHaveNoMoreThanThereIs() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 9; i++) {
                        budget.take(user(i), PAGE);
                    }
                })
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
    }

    @Test
    void hasSilentClientsEndedBeforeItRefuses() {
        Queue<Integer> held = new ArrayDeque<>();
        AnswerBudget[] relieved = new AnswerBudget[1];
        relieved[0] = new AnswerBudget(() -> relieved[0].release(user(1), held.remove()), Duration.ofSeconds(10));
        held.add(relieved[0].take(user(1), PAGE));
        held.add(relieved[0].take(user(1), PAGE));

        assertThat(relieved[0].take(user(1), PAGE)).isPositive();
    }
}
