package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;

class WorkBudgetTest {
    private static final int ALL = 32 * 1024;
    private static final int LARGEST = 4 * 1024 * 1024;
    private static final Owner OWNER = new Owner("issuer", "one");

    private final WorkBudget budget = new WorkBudget();

    @Test
    void takesNothingBeforeBytesHaveCome() {
        Share share = budget.share(OWNER);
        assertThat(budget.freeKib()).isEqualTo(ALL);
        share.growTo(1);
        share.growTo(1024);
        assertThat(budget.freeKib()).isEqualTo(ALL - 1);
        share.growTo(1025);
        assertThat(budget.freeKib()).isEqualTo(ALL - 2);
        share.release();
        share.release();
        assertThat(budget.freeKib()).isEqualTo(ALL);
    }

    @Test
    void givesOneUserAQuarterAtMost() {
        budget.share(OWNER).growTo(LARGEST);
        budget.share(OWNER).growTo(LARGEST);
        assertRefused(ProblemType.QUOTA_EXCEEDED, () -> budget.share(OWNER).growTo(1));
        budget.share(new Owner("issuer", "other")).growTo(LARGEST);
    }

    @Test
    void hasRoomForASmallBodyHoweverMuchTwentyUsersTake() {
        for (int user = 0; user < 20; user++) {
            Share share = budget.share(new Owner("issuer", "user" + user));
            takeAllThatIsGiven(share);
        }
        budget.share(OWNER).growTo(16 * 1024);
    }

    @Test
    void keepsWhatWasHeldWhenMoreIsRefused() {
        Share share = budget.share(OWNER);
        share.growTo(1024);
        assertRefused(ProblemType.QUOTA_EXCEEDED, () -> share.growTo(100 * 1024 * 1024));
        assertThat(budget.freeKib()).isEqualTo(ALL - 1);
        share.release();
        assertThat(budget.freeKib()).isEqualTo(ALL);
    }

    private static void takeAllThatIsGiven(Share share) {
        try {
            for (int bytes = 0; ; bytes += 16 * 1024) {
                share.growTo(bytes);
            }
        } catch (ProblemException refused) {
            assertThat(refused.problem().retryAfter()).isPresent();
        }
    }

    private static void assertRefused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type));
    }
}
