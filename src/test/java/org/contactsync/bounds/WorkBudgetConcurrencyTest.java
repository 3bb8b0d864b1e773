package org.contactsync.bounds;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** However many take from the budget and give back at once: no more is out than there is, and in the end all is back. */
class WorkBudgetConcurrencyTest {
    private static final int KIB = 4;
    private static final int THREE_KIB = 3 * 1024;
    private static final int TWO_KIB = 2 * 1024;
    private static final Owner OWNER = new Owner("issuer", "user");

    /** A reply and a wait that runs out both end a request, and so does a step that was parked. */
    @Test
    void aShareThatIsGivenBackByThreeAtOnceIsGivenBackOnce() {
        InEveryOrder.check(() -> {
            WorkBudget budget = new WorkBudget(KIB, KIB);
            WorkBudget.Share share = budget.share(OWNER);
            share.growTo(THREE_KIB);
            return scene(budget, List.of(share::release, share::release, share::release), new AtomicInteger());
        });
    }

    @Test
    void neverMoreIsOutThanThereIs() {
        InEveryOrder.check(() -> {
            WorkBudget budget = new WorkBudget(KIB, KIB);
            AtomicInteger out = new AtomicInteger();
            return scene(
                    budget,
                    List.of(
                            () -> takeAndGiveBack(budget, THREE_KIB, out),
                            () -> takeAndGiveBack(budget, TWO_KIB, out),
                            () -> takeAndGiveBack(budget, TWO_KIB, out)),
                    out);
        });
    }

    private static void takeAndGiveBack(WorkBudget budget, int bytes, AtomicInteger out) {
        WorkBudget.Share share = budget.share(OWNER);
        try {
            share.growTo(bytes);
        } catch (ProblemException refused) {
            return;
        }
        int kib = bytes / 1024;
        if (out.addAndGet(kib) > KIB) {
            throw new AssertionError("more is out than there is");
        }
        out.addAndGet(-kib);
        share.release();
    }

    private static InEveryOrder.Scene scene(WorkBudget budget, List<Runnable> threads, AtomicInteger out) {
        return new InEveryOrder.Scene() {
            @Override
            public List<Runnable> threads() {
                return threads;
            }

            @Override
            public void check() {
                if (out.get() != 0 || budget.freeKib() != KIB) {
                    throw new AssertionError("not all is back: " + budget.freeKib() + " KiB");
                }
            }
        };
    }
}
