package org.contactsync.client.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.addressbook.Edit;
import org.contactsync.client.addressbook.EditResult;
import org.contactsync.client.addressbook.PhoneChanges;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.local.Tag;
import org.contactsync.client.merge.CardMerge;
import org.contactsync.client.merge.CardMerge.Merged;
import org.contactsync.client.merge.ContentKey;
import org.contactsync.contact.Uid;

/** The address book and the local database. For one task, in one thread. */
final class PhoneSide {
    private static final String MARKER = "marker";

    private final AddressBook book;
    private final Run run;
    private final LocalContacts contacts;
    private final InFlight inFlight;

    PhoneSide(AddressBook book, Run run) {
        this.book = book;
        this.run = run;
        this.contacts = run.database.contacts();
        this.inFlight = new InFlight(run.database);
    }

    /** Makes sure that what the local database knows is of this address book. */
    void bind() throws IOException {
        new BookBinding(book, run).check();
    }

    /** Takes in what was changed on the phone since the last look; nothing is written if nothing was. */
    void takeIn() throws IOException {
        Optional<String> marker = run.database.value(MARKER);
        PhoneChanges changes = book.changesSince(marker);
        Map<Uid, Tag> known = changes.everything()
                ? contacts.onPhone()
                : known(changes.contacts().keySet());
        List<Map.Entry<Uid, CanonicalCard>> edited = new ArrayList<>();
        for (Map.Entry<Uid, CanonicalCard> contact : changes.contacts().entrySet()) {
            Optional<Tag> before = Optional.ofNullable(known.get(contact.getKey()));
            if (!before.equals(Optional.of(Tag.of(contact.getValue())))) {
                edited.add(contact);
            }
        }
        Set<Uid> gone = new HashSet<>(changes.everything() ? known.keySet() : changes.deleted());
        gone.removeAll(changes.contacts().keySet());
        gone.removeAll(changes.notVisible());
        run.done(Step.PHONE_READ);
        if (edited.isEmpty() && gone.isEmpty() && marker.equals(Optional.of(changes.marker()))) {
            return;
        }
        run.database.write(() -> {
            gone.forEach(uid -> contacts.onPhone(uid).ifPresent(this::removed));
            edited.forEach(contact -> edited(contact.getKey(), contact.getValue()));
            run.database.setValue(MARKER, changes.marker());
            return 0;
        });
        run.done(Step.PHONE_TAKEN_IN);
    }

    private Map<Uid, Tag> known(Set<Uid> phoneUids) {
        Map<Uid, Tag> known = new HashMap<>();
        for (Uid uid : phoneUids) {
            contacts.onPhone(uid).flatMap(LocalContact::seen).ifPresent(card -> known.put(uid, Tag.of(card)));
        }
        return known;
    }

    /** Of a deletion here and a change that the phone has not seen the change is kept: the phone gets the contact again. */
    private void removed(LocalContact contact) {
        Optional<CanonicalCard> card = contact.isDown() ? contact.card() : Optional.empty();
        contacts.put(contact.withCard(card).withPhone(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private void edited(Uid phoneUid, CanonicalCard shown) {
        LocalContact contact = contacts.onPhone(phoneUid).orElseGet(() -> added(phoneUid, shown));
        Optional<Uid> as = Optional.of(phoneUid);
        if (contact.card().isEmpty()) {
            // New, or deleted elsewhere and changed here: the change is kept.
            contacts.put(contact.withCard(Optional.of(shown)).withPhone(as, Optional.of(shown), Optional.of(shown)));
            return;
        }
        CanonicalCard local = contact.card().get();
        if (inFlight.has(contact)
                && contact.isDown()
                && ContentKey.maySeemSo(shown, local)
                && ContentKey.isForm(shown, local)) {
            contacts.put(contact.withPhone(as, Optional.of(local), Optional.of(shown))); // the edit was made
            return;
        }
        boolean deviceWins = run.options.deviceWins();
        Merged merged = CardMerge.merge(contact.seen(), shown, contact.written(), local, deviceWins);
        Optional<CanonicalCard> version = contact.written()
                .map(written -> CardMerge.merge(contact.seen(), shown, contact.written(), written, true)
                        .card());
        if (merged.conflict()) {
            run.keepLoser(contact.uid(), deviceWins ? local : shown, !deviceWins);
        }
        contacts.put(contact.withCard(Optional.of(merged.card()))
                .withPhone(as, Optional.of(version.orElse(shown)), Optional.of(shown)));
    }

    /** The contact that one of the phone's, which nobody knows yet, belongs to: by its name, by its content, or a new one. */
    private LocalContact added(Uid phoneUid, CanonicalCard shown) {
        Optional<LocalContact> given = inFlight.added(phoneUid, shown);
        if (given.isPresent()) {
            return given.get();
        }
        LocalContact named = contacts.get(phoneUid);
        boolean isFree = named.phoneUid().isEmpty();
        boolean isSame = named.card()
                .or(() -> named.server().map(OnServer::card))
                .filter(card -> Naming.isSame(phoneUid, card, shown))
                .isPresent();
        if (isFree && isSame) {
            return named;
        }
        Optional<LocalContact> same = contacts.newOnPhone(shown);
        if (same.isPresent()) {
            return same.get();
        }
        boolean isUnknown = named.card().isEmpty() && named.server().isEmpty();
        return isFree && isUnknown ? named : LocalContact.none(Naming.made());
    }

    /** How many contacts the phone would lose, if a person has to agree to that; 0 if not. */
    long suspectedDeletes() {
        long deletes = contacts.countPhoneDeletes();
        long recent = run.recentDeletes(true).count();
        return MassDelete.isSuspected(deletes, contacts.countOnPhone(), recent) ? deletes : 0;
    }

    /**
     * Brings the phone what it has yet to get.
     *
     * @return whether all of it is there; otherwise a person was faster, and the phone is to be read again
     */
    boolean bring() throws IOException {
        boolean complete = true;
        String after = "";
        while (true) {
            List<LocalContact> batch = contacts.down(after, AddressBook.MOST_EDITS);
            if (batch.isEmpty()) {
                return complete;
            }
            after = batch.get(batch.size() - 1).uid().value();
            List<LocalContact> written = batch.stream()
                    .filter(contact -> !contact.seen().equals(contact.card()))
                    .toList();
            List<Edit> edits = written.stream().map(this::edit).toList();
            if (!edits.isEmpty()) {
                inFlight.begin(written, edits);
            }
            List<EditResult> results = edits.isEmpty() ? List.of() : book.write(edits);
            run.done(Step.PHONE_WRITTEN);
            complete &= run.database.write(() -> settle(batch, written, results));
            run.done(Step.BROUGHT);
        }
    }

    private Edit edit(LocalContact contact) {
        if (contact.seen().isEmpty()) {
            boolean isTaken = contacts.onPhone(contact.uid()).isPresent();
            return new Edit.Add(
                    isTaken ? Naming.besides(contact.uid()) : contact.uid(),
                    contact.card().orElseThrow());
        }
        Uid uid = contact.phoneUid().orElseThrow();
        CanonicalCard seen = contact.seen().get();
        return contact.card().isPresent()
                ? new Edit.Change(uid, seen, contact.card().get())
                : new Edit.Remove(uid, seen);
    }

    private boolean settle(List<LocalContact> batch, List<LocalContact> written, List<EditResult> results) {
        boolean complete = true;
        long deletes = 0;
        if (!written.isEmpty()) {
            inFlight.end();
        }
        for (LocalContact contact : batch) {
            int index = written.indexOf(contact);
            if (index < 0) {
                contacts.put(contact.withPhone(contact.phoneUid(), contact.card(), contact.seen()));
                continue;
            }
            EditResult result = results.get(index);
            if (result instanceof EditResult.Made made) {
                run.counts.brought++;
                deletes += contact.card().isEmpty() ? 1 : 0;
                // A number that the book uses again: whoever had it is gone since the look.
                contacts.onPhone(made.uid())
                        .filter(other -> !other.uid().equals(contact.uid()))
                        .ifPresent(this::removed);
                contacts.put(contact.withPhone(Optional.of(made.uid()), contact.card(), made.shown()));
            } else if (result instanceof EditResult.Impossible) {
                // The phone shows of this version what it shows.
                contacts.put(contact.withPhone(contact.phoneUid(), contact.card(), contact.seen()));
            } else {
                complete = false;
            }
        }
        run.recentDeletes(true).add(deletes);
        return complete;
    }
}
