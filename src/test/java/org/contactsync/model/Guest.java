package org.contactsync.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.Examples;

/** A device that changes a contact while another one is at work, and changes it back a little later. It is not on the wire. */
final class Guest implements Wire.Others {
    static final String NAME = "guest";

    private final BookClient client;
    private final Consumer<Uid> changed;
    private Optional<Done> done = Optional.empty();
    private int times;

    private record Done(Uid uid, CanonicalCard before, CanonicalCard after) {}

    /** @param changed told of each contact that it changes, now or when its turn comes */
    Guest(BookClient client, Consumer<Uid> changed) {
        this.client = client;
        this.changed = changed;
    }

    @Override
    public void change() throws ServerUnreachable, ServerRefusal {
        done = Optional.empty();
        Optional<BookClient.Contents> book = client.contents();
        if (book.isEmpty() || book.get().contacts().isEmpty()) {
            return;
        }
        var contacts = book.get().contacts().entrySet().stream().toList();
        Map.Entry<Uid, CanonicalCard> some = contacts.get(++times % contacts.size());
        Done next = new Done(some.getKey(), some.getValue(), Examples.card("of a guest " + times));
        if (put(next.uid(), next.before(), next.after())) {
            done = Optional.of(next);
        }
    }

    @Override
    public void changeBack() throws ServerUnreachable, ServerRefusal {
        if (done.isPresent()) {
            put(done.get().uid(), done.get().after(), done.get().before());
            done = Optional.empty();
        }
    }

    /** Whether it was done; it is not yet while an upload has its turn, and never when the contact is another one. */
    private boolean put(Uid uid, CanonicalCard was, CanonicalCard card) throws ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        Expected expected = new Expected(Optional.of(new CheckCodes(head.checkKey()).contentHash(was)));
        IncrementalSync sync = new IncrementalSync(
                List.of(new Change.Put(uid, card, Optional.of(expected))), Optional.empty(), OnMismatch.REFUSE, false);
        Reply<ReceivedTask> reply =
                client.taskClient().patch(UUID.randomUUID(), head.checkCode(), RequestWriter.of(sync), Priority.USER);
        if (reply instanceof Reply.Ok<ReceivedTask> ok) {
            changed.accept(uid);
            return ok.value().state() == TaskState.DONE;
        }
        return false;
    }
}
