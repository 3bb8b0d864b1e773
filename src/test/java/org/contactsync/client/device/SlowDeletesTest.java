package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.device.SyncReport.Outcome.NeedsConfirmation;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A book that is emptied one contact after the other, each look with one deletion. */
class SlowDeletesTest {
    private static final int CONTACTS = 30;

    @TempDir
    Path files;

    private final MemoryAddressBook phone = new MemoryAddressBook();
    private Instant now = Instant.parse("2026-03-01T08:00:00Z");
    private FakeServer server;
    private Device device;

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
        open();
        for (FoundContact contact : MadeBooks.contacts(1, CONTACTS)) {
            phone.put(contact.uid(), contact.card());
        }
        device.sync();
    }

    @AfterEach
    void stop() {
        device.close();
        server.close();
    }

    private void open() throws IOException {
        device = new Device(server.account(), "phone", phone, files.resolve("phone.db"));
        pass(Duration.ZERO);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        device.clock = Clock.fixed(now, ZoneOffset.UTC);
    }

    @Test
    void aPersonIsAskedBeforeMoreThanHalfIsGoneFromTheServer() throws Exception {
        for (int i = 1; i <= 15; i++) {
            deleteOneHere(Duration.ofMinutes(30));
            assertThat(device.sync().isAgreed()).as("deletion %d", i).isTrue();
        }
        device.close();
        open(); // what was deleted is remembered
        deleteOneHere(Duration.ofMinutes(30));

        assertThat(device.sync().outcome()).isEqualTo(new NeedsConfirmation(false, 1, 15, 15));
        assertThat(server.book()).hasSize(15);

        assertThat(device.sync(true, Priority.USER).isAgreed()).isTrue();
        assertThat(server.book()).hasSize(14);
        deleteOneHere(Duration.ofMinutes(30));
        assertThat(device.sync().isAgreed())
                .as("counted anew after the agreement")
                .isTrue();
    }

    @Test
    void aQuestionThatNobodyAnswersStaysOpen() throws Exception {
        for (int i = 1; i <= 15; i++) {
            deleteOneHere(Duration.ofMinutes(30));
            device.sync();
        }
        deleteOneHere(Duration.ofMinutes(30));
        for (int hour = 1; hour <= 50; hour++) {
            pass(Duration.ofHours(1));
            assertThat(device.sync().outcome())
                    .as("after %d hours", hour)
                    .isEqualTo(new NeedsConfirmation(false, 1, 15, 15));
        }
        assertThat(server.book()).hasSize(15);
    }

    @Test
    void theSameOfThePhone() throws Exception {
        for (int i = 1; i <= 15; i++) {
            deleteOneThere(Duration.ofMinutes(30));
            assertThat(device.sync().isAgreed()).as("deletion %d", i).isTrue();
        }
        deleteOneThere(Duration.ofMinutes(30));

        assertThat(device.sync().outcome()).isEqualTo(new NeedsConfirmation(true, 1, 15, 15));
        assertThat(phone.contacts()).hasSize(15);

        assertThat(device.sync(true, Priority.USER).isAgreed()).isTrue();
        assertThat(phone.contacts()).isEqualTo(server.book()).hasSize(14);
    }

    @Test
    void deletionsOfManyDaysAreNotCountedTogether() throws Exception {
        for (int i = 1; i <= 25; i++) {
            deleteOneHere(Duration.ofHours(7));
            assertThat(device.sync().isAgreed()).as("deletion %d", i).isTrue();
        }
        assertThat(server.book()).hasSize(5);
    }

    @Test
    void whatIsReplacedOneByOneIsNotDeletedByAccident() throws Exception {
        for (int i = 1; i <= 25; i++) {
            deleteOneHere(Duration.ofMinutes(1));
            phone.put(new Uid("new-" + i), SyncTaskTest.card("{'name':{'full':'New " + i + "'}}"));
            assertThat(device.sync().isAgreed()).as("replacement %d", i).isTrue();
        }
        assertThat(server.book()).isEqualTo(phone.contacts()).hasSize(CONTACTS);
    }

    private void deleteOneHere(Duration after) {
        pass(after);
        phone.remove(phone.contacts().keySet().stream()
                .filter(uid -> !uid.value().startsWith("new-"))
                .findFirst()
                .orElseThrow());
    }

    private void deleteOneThere(Duration after) {
        pass(after);
        server.delete(server.book().keySet().iterator().next());
    }
}
