package org.contactsync.client.device;

import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.device.SyncReport.Outcome;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.Priority;

/** Synchronises with the library until both books are the same, and agrees to whatever the library asks. For one thread. */
public final class AgreeingPerson {
    private static final int TASKS = 8;

    private final BookClient client;
    private final Progress progress;

    public AgreeingPerson(BookClient client, Progress progress) {
        this.client = client;
        this.progress = progress;
    }

    /** @throws AssertionError when so many tasks are not enough */
    public void synchronise(AddressBook book, LocalDatabase database)
            throws ServerUnreachable, ServerRefusal, IOException {
        Consent consent = Consent.NOTHING;
        Priority priority = Priority.BACKGROUND;
        StringBuilder outcomes = new StringBuilder();
        for (int task = 1; task <= TASKS; task++) {
            Run run = new Run(database, SyncOptions.USUAL, Clock.systemUTC(), event -> {});
            Outcome outcome;
            try {
                outcome = new SyncTask(client, book, run, UUID::randomUUID, progress, consent, priority)
                        .run()
                        .outcome();
            } catch (ServerRefusal e) {
                if (!Worker.mayPass(e.problem())) {
                    throw e;
                }
                outcomes.append(' ').append(e.problem().code());
                continue;
            }
            outcomes.append(' ').append(outcome);
            consent = Consent.NOTHING;
            if (outcome instanceof Outcome.NeedsConfirmation) {
                consent = Consent.DELETES;
            } else if (outcome instanceof Outcome.BeganAnew) {
                consent = Consent.BEGIN_ANEW;
            } else if (outcome instanceof Outcome.Agreed) {
                if (database.contacts().countUp() == 0) {
                    return;
                }
                priority = Priority.USER; // the server has held contacts back until a person decides
            }
        }
        throw new AssertionError("library and service do not come to an agreement:" + outcomes);
    }
}
