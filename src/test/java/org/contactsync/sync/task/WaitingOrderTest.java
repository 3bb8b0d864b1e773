package org.contactsync.sync.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.PHONE;
import static org.contactsync.sync.Examples.SOME_CODE;
import static org.contactsync.sync.Examples.TABLET;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.sync.Examples;

/** Protocol 4.3.10: who goes ahead of whom. */
class WaitingOrderTest {
    private static final SyncTask BACKGROUND = Examples.waiting(1, 1, PHONE, Priority.BACKGROUND, SOME_CODE);
    private static final SyncTask FOREIGN = Examples.waiting(2, 1, TABLET, Priority.BACKGROUND, SOME_CODE);
    private static final SyncTask MINE = Examples.waiting(3, 1, PHONE, Priority.USER, SOME_CODE);

    @Example
    void aPersonsTaskGoesAheadOfBackgroundTasksOfItsDevice() {
        SyncTask another = Examples.waiting(4, 1, PHONE, Priority.BACKGROUND, SOME_CODE);

        assertThat(WaitingOrder.of(List.of(BACKGROUND, another, MINE))).containsExactly(MINE, BACKGROUND, another);
    }

    @Example
    void itNeverPassesATaskOfAnotherDevice() {
        assertThat(WaitingOrder.of(List.of(BACKGROUND, FOREIGN, MINE))).containsExactly(BACKGROUND, FOREIGN, MINE);
        assertThat(WaitingOrder.of(List.of(FOREIGN, BACKGROUND, MINE))).containsExactly(FOREIGN, MINE, BACKGROUND);
    }

    @Example
    void itDoesNotPassWhatItMayBuildOn() {
        SyncTask builtOn = Examples.waiting(4, 1, PHONE, Priority.USER, OTHER_CODE);

        assertThat(WaitingOrder.of(List.of(BACKGROUND, builtOn))).containsExactly(BACKGROUND, builtOn);
    }

    @Example
    void tasksWithoutADeviceStayWhereTheyAre() {
        SyncTask background = Examples.waiting(4, 1, Optional.empty(), Priority.BACKGROUND, SOME_CODE);
        SyncTask user = Examples.waiting(5, 1, Optional.empty(), Priority.USER, SOME_CODE);

        assertThat(WaitingOrder.of(List.of(background, user))).containsExactly(background, user);
    }

    /** Of any two tasks the later one is ahead only when it may be; tasks that are alike stay in order. */
    @Property(tries = 500)
    void onlyThoseAreAheadThatMayBe(@ForAll("queues") List<SyncTask> accepted) {
        List<SyncTask> order = WaitingOrder.of(accepted);

        assertThat(order).containsExactlyInAnyOrderElementsOf(accepted);
        for (int i = 0; i < accepted.size(); i++) {
            for (int j = i + 1; j < accepted.size(); j++) {
                SyncTask earlier = accepted.get(i);
                SyncTask later = accepted.get(j);
                if (order.indexOf(later) < order.indexOf(earlier)) {
                    assertThat(WaitingOrder.passes(later, earlier)).isTrue();
                }
            }
        }
    }

    @Provide
    Arbitrary<List<SyncTask>> queues() {
        return Combinators.combine(
                        Arbitraries.of(PHONE, TABLET, Optional.<DeviceId>empty()),
                        Arbitraries.of(Priority.values()),
                        Arbitraries.of(SOME_CODE, OTHER_CODE))
                .as((device, priority, code) -> Examples.waiting(0, 1, device, priority, code))
                .list()
                .ofMaxSize(8)
                .map(WaitingOrderTest::numbered);
    }

    private static List<SyncTask> numbered(List<SyncTask> tasks) {
        List<SyncTask> numbered = new ArrayList<>();
        for (SyncTask task : tasks) {
            numbered.add(Examples.waiting(numbered.size() + 1, 1, task.device(), task.priority(), task.firstCode()));
        }
        return numbered;
    }
}
