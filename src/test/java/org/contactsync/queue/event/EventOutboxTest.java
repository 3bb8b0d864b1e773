package org.contactsync.queue.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventOutboxTest {
    private static final CheckCode CODE = new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");

    private final RecordedScheduler scheduler = new RecordedScheduler();
    private final AtomicLong nanos = new AtomicLong();
    private final List<List<BookEvent>> sent = new ArrayList<>();
    private boolean broken;
    private final EventOutbox outbox = new EventOutbox(scheduler, nanos::get, batch -> {
        if (broken) {
            throw new IllegalStateException("on purpose");
        }
        sent.add(batch);
    });

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void theFirstEventGoesAtOnceAndWhatComesSoonAfterItTogether() {
        outbox.add(changed("ada", 1));
        assertThat(scheduler.pauses()).containsExactly(Duration.ZERO);
        scheduler.runAll();

        outbox.add(changed("bob", 1));
        outbox.add(changed("cy", 1));
        assertThat(scheduler.pauses()).containsExactly(EventOutbox.WINDOW);
        scheduler.runAll();

        assertThat(sent).containsExactly(List.of(changed("ada", 1)), List.of(changed("bob", 1), changed("cy", 1)));
    }

    @Test
    void ofTheChangesOfOneOwnerTheLastIsToldAndOfTasksEach() {
        TaskEnded one = new TaskEnded(owner("ada"), TaskId.random());
        TaskEnded other = new TaskEnded(owner("ada"), TaskId.random());
        outbox.add(changed("ada", 7));
        outbox.add(one);
        outbox.add(changed("ada", 9));
        outbox.add(changed("ada", 8));
        outbox.add(other);
        scheduler.runAll();

        assertThat(sent).containsExactly(List.of(changed("ada", 9), one, other));
    }

    /** A broker that does not answer holds up nobody, fills no memory and is asked seldom. */
    @Test
    void aBrokerThatIsAwayIsAskedSeldomAndMissesWhatDoesNotFitIn() {
        broken = true;
        outbox.add(changed("ada", 1));
        scheduler.runAll();
        for (int i = 0; i < 3 * EventOutbox.MOST_OWNERS; i++) {
            outbox.add(changed("user " + i, 1));
        }
        for (int i = 0; i < 3 * EventOutbox.MOST_TASKS; i++) {
            outbox.add(new TaskEnded(owner("user 0"), TaskId.random()));
        }
        assertThat(scheduler.pauses()).containsExactly(EventOutbox.REST);

        broken = false;
        scheduler.runAll();
        assertThat(sent).allMatch(batch -> batch.size() <= EventOutbox.BATCH);
        assertThat(sent.stream().mapToInt(List::size).sum())
                .isEqualTo(EventOutbox.MOST_OWNERS + EventOutbox.MOST_TASKS);
        assertThat(scheduler.pauses()).isEmpty();
    }

    @Test
    void aServerThatEndsTellsNobody() {
        scheduler.shutdownNow();
        RecordedScheduler ended = new RecordedScheduler();
        ended.shutdownNow();
        EventOutbox late = new EventOutbox(ended, nanos::get, sent::add);

        late.add(changed("ada", 1));

        assertThat(sent).isEmpty();
    }

    private static BookChanged changed(String subject, long seq) {
        return new BookChanged(owner(subject), seq, CODE, Optional.empty());
    }

    private static Owner owner(String subject) {
        return new Owner("https://issuer.example", subject);
    }
}
