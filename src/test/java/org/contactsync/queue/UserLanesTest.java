package org.contactsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.protocol.Owner;
import org.junit.jupiter.api.Test;

class UserLanesTest {
    private static final Owner ONE = new Owner("issuer", "one");
    private static final Owner OTHER = new Owner("issuer", "other");

    private final UserLanes lanes = new UserLanes();
    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void givesAUserOneThreadAndEachUserOne() {
        lanes.execute(ONE, () -> done.add("first"), executor::add);
        lanes.execute(ONE, () -> done.add("second"), executor::add);
        lanes.execute(OTHER, () -> done.add("other"), executor::add);
        assertThat(executor).hasSize(2);
        runAll();
        assertThat(done).containsExactly("first", "other", "second");
        assertThat(lanes.users()).isZero();
    }

    @Test
    void goesOnAfterWorkThatFails() {
        lanes.execute(
                ONE,
                () -> {
                    throw new IllegalStateException("fails");
                },
                executor::add);
        lanes.execute(ONE, () -> done.add("second"), executor::add);
        assertThatThrownBy(this::runAll).isInstanceOf(IllegalStateException.class);
        runAll();
        assertThat(done).containsExactly("second");
    }

    @Test
    void keepsNothingOfWhatAnExecutorDoesNotTake() {
        Executor full = work -> {
            throw new RejectedExecutionException("full");
        };
        assertThatThrownBy(() -> lanes.execute(ONE, () -> done.add("never"), full))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(lanes.users()).isZero();
        lanes.execute(ONE, () -> done.add("next"), executor::add);
        runAll();
        assertThat(done).containsExactly("next");
    }

    private void runAll() {
        while (!executor.isEmpty()) {
            Objects.requireNonNull(executor.poll()).run();
        }
    }
}
