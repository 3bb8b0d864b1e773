package org.contactsync.client.addressbook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** An address book in memory. Thread-safe. */
public final class MemoryAddressBook implements AddressBook {
    private final Optional<String> identity;
    private final Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public MemoryAddressBook() {
        this(Optional.empty());
    }

    public MemoryAddressBook(Optional<String> identity) {
        this.identity = identity;
    }

    @Override
    public Optional<String> identity() {
        return identity;
    }

    public synchronized Map<Uid, CanonicalCard> contacts() {
        return Map.copyOf(contacts);
    }

    /** What a person does. */
    public void put(Uid uid, CanonicalCard card) {
        synchronized (this) {
            contacts.put(uid, card);
        }
        listeners.forEach(Runnable::run);
    }

    /** What a person does. */
    public void remove(Uid uid) {
        synchronized (this) {
            contacts.remove(uid);
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized PhoneChanges changesSince(Optional<String> marker) {
        return new PhoneChanges(true, contacts, Set.of(), Set.of(), "");
    }

    @Override
    public synchronized List<EditResult> write(List<Edit> edits) {
        List<EditResult> results = new ArrayList<>();
        for (Edit edit : edits) {
            Optional<CanonicalCard> now = Optional.ofNullable(contacts.get(edit.uid()));
            results.add(now.equals(edit.expects()) ? make(edit) : new EditResult.Moved());
        }
        return results;
    }

    private EditResult make(Edit edit) {
        Optional<CanonicalCard> after = Optional.empty();
        if (edit instanceof Edit.Add add) {
            after = Optional.of(add.card());
        } else if (edit instanceof Edit.Change change) {
            after = Optional.of(change.card());
        }
        after.ifPresentOrElse(card -> contacts.put(edit.uid(), card), () -> contacts.remove(edit.uid()));
        return new EditResult.Made(edit.uid(), after);
    }

    @Override
    public Watch watch(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }
}
