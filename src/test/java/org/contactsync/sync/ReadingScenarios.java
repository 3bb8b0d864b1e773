package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.contactsync.sync.BookReadings.ContactPage;
import org.contactsync.sync.BookReadings.FeedPage;
import org.contactsync.sync.BookReadings.Reading;
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
