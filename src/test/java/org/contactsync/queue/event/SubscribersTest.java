package org.contactsync.queue.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.junit.jupiter.api.Test;

class SubscribersTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final Owner BOB = new Owner("https://issuer.example", "bob");

    private final Subscribers subscribers = new Subscribers();
    private final List<BookEvent> told = new ArrayList<>();

    @Test
    void eachIsToldOfTheirOwnUntilTheyHaveEnough() {
        TaskEnded event = new TaskEnded(ADA, TaskId.random());
        Subscription one = subscribers.add(ADA, told::add);
        Subscription other = subscribers.add(ADA, told::add);
        Subscription bobs = subscribers.add(BOB, each -> {
            throw new AssertionError("another user's");
        });
        subscribers.tell(event);
        assertThat(told).containsExactly(event, event);

        one.close();
        subscribers.tell(event);
        assertThat(told).hasSize(3);

        other.close();
        other.close();
        bobs.close();
        subscribers.tell(event);
        assertThat(told).hasSize(3);
        assertThat(subscribers.owners()).isZero();
    }

    @Test
    void oneThatFailsHoldsUpNobody() {
        subscribers.add(ADA, each -> {
            throw new IllegalStateException("on purpose");
        });
        subscribers.add(ADA, told::add);

        subscribers.tell(new TaskEnded(ADA, TaskId.random()));

        assertThat(told).hasSize(1);
    }
}
