package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.PHONE;
import static org.contactsync.sync.Examples.TABLET;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** Whatever changes a book or ends a task that somebody may wait for is announced, and nothing else is. */
class AnnouncedEventsTest {
    private final TestService service = new TestService(new InMemoryStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    @Test
    void aChangeIsTheBookAfterIt() {
        service.answer(phone.changes(put(1, "Ada")));
        BookChanged first = changed(PHONE);
        service.answer(tablet.changes(delete(1)));

        assertThat(told()).containsExactly(first, changed(TABLET));
        assertThat(first.seq()).isEqualTo(1);
    }

    @Test
    void whatChangesNothingIsNotAnnounced() {
        Step step = phone.changes(put(1, "Ada"));
        service.answer(step);
        told();

        service.answer(step);
        service.answer(phone.changes(put(1, "Ada")));
        service.answer(tablet.changesFrom(Examples.SOME_CODE, put(2, "x")));
        Step upload = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(upload);
        service.answer(phone.chunk(upload, 1, put(2, "Bob")));

        assertThat(told()).isEmpty();
    }

    @Test
    void theCommitOfAnUploadIsAChangeAndItsEnd() {
        for (TaskKind kind : List.of(TaskKind.INITIAL, TaskKind.REPLACE, TaskKind.CHANGES)) {
            Step upload = phone.open(kind, 1, 1);
            service.answer(upload);
            service.answer(phone.chunk(upload, 1, put(1, kind.name())));
            service.answer(phone.commit(upload));

            assertThat(told()).as(kind.name()).containsExactly(changed(PHONE), ended(upload));
        }
    }

    @Test
    void anUploadThatEndsWithoutEffectHasEnded() {
        Step cancelled = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(cancelled);
        service.answer(phone.cancel(cancelled));
        Step expired = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(expired);
        service.clock.pass(TestService.LIMITS.uploadLease());
        service.sweep();

        assertThat(told()).containsExactly(ended(cancelled), ended(expired));
    }

    /** Applied, refused, taken back, or too late: who waits for it is told. */
    @Test
    void aTaskThatWaitedHasEndedHoweverItDid() {
        Step upload = phone.open(TaskKind.REPLACE, 2, 2);
        service.answer(upload);
        service.answer(phone.chunk(upload, 1, put(9, "x")));
        Step refused = tablet.changes(put(1, "refused"));
        service.answer(refused);
        TestDevice watch = service.device("watch");
        Step cancelled = watch.changes(put(2, "cancelled"));
        service.answer(cancelled);
        service.answer(watch.cancel(cancelled));
        assertThat(told()).containsExactly(ended(cancelled));

        service.answer(phone.chunk(upload, 2, put(8, "y")));
        service.deliver(phone.commit(upload));
        assertThat(told()).containsExactly(changed(PHONE), ended(upload), ended(refused));

        Step held = phone.open(TaskKind.CHANGES, 2, 2);
        service.answer(held);
        service.answer(phone.chunk(held, 1, put(7, "z")));
        Step applied = tablet.changes(put(1, "applied"));
        service.answer(applied);
        service.deliver(phone.cancel(held));
        assertThat(told()).containsExactly(ended(held), changed(TABLET), ended(applied));
    }

    private List<BookEvent> told() {
        List<BookEvent> told = new ArrayList<>(service.events);
        service.events.clear();
        return told;
    }

    /** The last change, as the book says it. */
    private BookChanged changed(Optional<DeviceId> device) {
        return new BookChanged(ADA, service.book(ADA).seq(), service.code(ADA), device);
    }

    private static TaskEnded ended(Step step) {
        return new TaskEnded(ADA, step.task());
    }
}
