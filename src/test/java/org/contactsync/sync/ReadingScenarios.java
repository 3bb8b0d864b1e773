package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.FeedPage;
import org.contactsync.sync.reading.BookReadings.FeedRow;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.junit.jupiter.api.Test;

/**
 * What is read twice in one request is read from the database twice. A container may keep, for the whole of a request, what
 * it has read once; a transaction of the test does the same.
 */
public abstract class ReadingScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");

    protected abstract TestStore newStore();

    /** Otherwise contacts of a newer book would be answered with the check code of the older one (protocol 4.4.1). */
    @Test
    void aBookIsTheOneThatItsContactsAreOf() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob")));

        service.store.inTransaction(() -> {
            assertThat(page().book().seq()).isEqualTo(1);
            assertThat(one().value()).isPresent();

            CompletableFuture.runAsync(() -> service.answer(phone.changes(put(1, "Augusta"), put(3, "Cleo"))))
                    .join();

            Reading<ContactPage> page = page();
            assertThat(page.book().seq()).isEqualTo(2);
            assertThat(page.checkCode()).isEqualTo(BookReadings.checkCode(page.book()));
            assertThat(page.book().digest().count()).isEqualTo(3);
            assertThat(page.value().contacts()).hasSize(3).anySatisfy(this::isAugusta);
            isAugusta(one().value().orElseThrow());
            Reading<FeedPage> feed =
                    service.readings.changes(ADA, 1, Optional.empty(), 10).orElseThrow();
            assertThat(feed.book().seq()).isEqualTo(2);
            assertThat(feed.value().changes()).hasSize(2);
            return page;
        });
    }

    /** Protocol 4.6.5: the last change of a contact decides, and what is left out counts for the page. */
    @Test
    void aFeedWithoutTheChangesOfOneDeviceGoesOnAsTheWholeOne() {
        TestDevice tablet = service.device("tablet");
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cleo")));
        service.answer(tablet.changes(put(1, "Augusta")));
        service.answer(tablet.changes(put(2, "Robert")));
        service.answer(phone.changes(put(2, "Bobby"), delete(3)));
        service.answer(phone.changes(put(4, "Dot")));

        Reading<FeedPage> all = feedWithout("phone", 0, Optional.empty(), 10);
        assertThat(all.value().changes()).extracting(BookChange::uid).containsExactly(uid(1));
        assertThat(all.value().more()).isFalse();
        assertThat(all.book().seq()).isEqualTo(5);
        assertThat(feedWithout("tablet", 0, Optional.empty(), 10).value().changes())
                .extracting(BookChange::uid)
                .containsExactly(uid(2), uid(3), uid(4));
        assertThat(feedWithout("nobody", 0, Optional.empty(), 10).value().changes())
                .hasSize(4);
    }

    /** Protocol 4.6.5: a page of which everything is left out still leads on, and looks at no more rows than another. */
    @Test
    void aPageOfWhichEverythingIsLeftOutLeadsOn() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cleo"), put(4, "Dot")));
        service.answer(service.device("tablet").changes(put(5, "Eve")));

        FeedPage first = feedWithout("phone", 0, Optional.empty(), 2).value();
        assertThat(first.changes()).isEmpty();
        FeedRow rest = first.rest().orElseThrow();
        FeedPage second =
                feedWithout("phone", rest.seq() - 1, Optional.of(rest.uid()), 2).value();
        assertThat(second.changes()).isEmpty();
        rest = second.rest().orElseThrow();
        FeedPage last =
                feedWithout("phone", rest.seq() - 1, Optional.of(rest.uid()), 2).value();
        assertThat(last.changes()).extracting(BookChange::uid).containsExactly(uid(5));
        assertThat(last.rest()).isEmpty();
    }

    private Reading<FeedPage> feedWithout(String device, long since, Optional<Uid> after, int most) {
        return service.readings
                .changes(ADA, since, after, most, Optional.of(new DeviceId(device)))
                .orElseThrow();
    }

    private void isAugusta(StoredContact contact) {
        assertThat(contact.uid()).isEqualTo(uid(1));
        assertThat(contact.now().orElseThrow().card()).isEqualTo(card("Augusta"));
    }

    private Reading<ContactPage> page() {
        return service.readings.contacts(ADA, Optional.empty(), 10).orElseThrow();
    }

    private Reading<Optional<StoredContact>> one() {
        return service.readings.contact(ADA, uid(1)).orElseThrow();
    }
}
