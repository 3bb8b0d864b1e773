package org.contactsync.api.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.task.Books;
import org.junit.jupiter.api.Test;

/** Protocol 4.19.3: one restore of a user is prepared at a time. */
class RestorePlanningTest {
    private static final Owner ADA = new Owner("issuer", "ada");
    private static final Owner BOB = new Owner("issuer", "bob");
    private static final RestoreTarget TARGET =
            new RestoreTarget(Optional.empty(), OptionalLong.of(1), Optional.empty(), true);

    private final List<Owner> read = new ArrayList<>();
    private Consumer<Owner> during = owner -> {};
    private final RestorePlanning planning = new RestorePlanning(
            new Restoring(books(), fake(BookHistory.class), fake(BookPages.class), Limits.DEFAULTS));

    @Test
    void aSecondPlanOfTheSameUserIsRefusedWhileTheFirstIsMade() {
        during = owner -> {
            during = another -> {};
            assertThatThrownBy(() -> planning.plan(ADA, TARGET))
                    .isInstanceOfSatisfying(ProblemException.class, RestorePlanningTest::isOfQuota);
            planning.plan(BOB, TARGET);
        };

        planning.plan(ADA, TARGET);

        assertThat(read).containsExactly(ADA, BOB);
        planning.plan(ADA, TARGET);
        assertThat(read).hasSize(3);
    }

    @Test
    void aPlanThatFailsLeavesNothingBehind() {
        during = owner -> {
            throw new IllegalStateException("no connection");
        };
        assertThatThrownBy(() -> planning.plan(ADA, TARGET)).isInstanceOf(IllegalStateException.class);
        during = owner -> {};

        assertThat(planning.plan(ADA, TARGET)).isEmpty();
    }

    private static void isOfQuota(ProblemException e) {
        Problem.QuotaExceeded problem = (Problem.QuotaExceeded) e.problem();
        assertThat(problem.quota()).isEqualTo(Quota.CONCURRENT_READINGS);
        assertThat(problem.limit()).isEqualTo(1);
        assertThat(problem.retryAfter()).isPresent();
    }

    /** Nobody has a book. */
    private Books books() {
        return (Books) Proxy.newProxyInstance(
                Books.class.getClassLoader(), new Class<?>[] {Books.class}, (self, method, arguments) -> {
                    Owner owner = (Owner) arguments[0];
                    read.add(owner);
                    during.accept(owner);
                    return Optional.empty();
                });
    }

    private static <T> T fake(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    throw new AssertionError("not to be read");
                }));
    }
}
