package org.contactsync.client.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.addressbook.Edit;
import org.contactsync.client.addressbook.EditResult;
import org.contactsync.client.addressbook.PhoneChanges;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;

/**
 * A phone as many are: it numbers its contacts from 1 on, whatever they are called elsewhere, shows of a card the name and the numbers only, and
 * numbers these anew at each look.
 */
final class NumberingPhone implements AddressBook {
    private final Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
    private Optional<String> identity = Optional.empty();
    private int last;
    private int editsUntilFailure = Integer.MAX_VALUE;

    NumberingPhone as(String name) {
        identity = Optional.of(name);
        return this;
    }

    /** What a person adds. */
    Uid add(String json) {
        Uid uid = new Uid(Integer.toString(++last));
        contacts.put(uid, shown(SyncTaskTest.card(json)));
        return uid;
    }

    void edit(Uid uid, String json) {
        contacts.put(uid, shown(SyncTaskTest.card(json)));
    }

    void remove(Uid uid) {
        contacts.remove(uid);
    }

    Map<Uid, CanonicalCard> contacts() {
        return contacts;
    }

    /** The next edits are made, and then writing fails, once. */
    void failAfter(int edits) {
        editsUntilFailure = edits;
    }

    @Override
    public Optional<String> identity() {
        return identity;
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) {
        return new PhoneChanges(true, contacts, Set.of(), Set.of(), "");
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        List<EditResult> results = new ArrayList<>();
        for (Edit edit : edits) {
            if (editsUntilFailure-- == 0) {
                editsUntilFailure = Integer.MAX_VALUE;
                throw new IOException("no room");
            }
            results.add(write(edit));
        }
        return results;
    }

    private EditResult write(Edit edit) {
        if (edit instanceof Edit.Add add) {
            Uid uid = free();
            contacts.put(uid, shown(add.card()));
            return new EditResult.Made(uid, Optional.ofNullable(contacts.get(uid)));
        }
        if (!Optional.ofNullable(contacts.get(edit.uid())).equals(edit.expects())) {
            return new EditResult.Moved();
        }
        if (edit instanceof Edit.Change change) {
            contacts.put(change.uid(), shown(change.card()));
        } else {
            contacts.remove(edit.uid());
        }
        return new EditResult.Made(edit.uid(), Optional.ofNullable(contacts.get(edit.uid())));
    }

    /** A number that was a contact's may be another one's later. */
    private Uid free() {
        for (int number = 1; number <= last; number++) {
            Uid uid = new Uid(Integer.toString(number));
            if (!contacts.containsKey(uid)) {
                return uid;
            }
        }
        return new Uid(Integer.toString(++last));
    }

    private static CanonicalCard shown(CanonicalCard card) {
        SortedMap<String, CardValue> whole = CardJson.parsed(card).root().values();
        SortedMap<String, CardValue> shown = new TreeMap<>();
        whole.forEach((name, value) -> {
            if (name.equals("name")) {
                shown.put(name, value);
            } else if (name.equals("phones")) {
                shown.put(name, numbers((Members) value));
            }
        });
        return CanonicalCard.of(new Card(new Members(shown)));
    }

    private static Members numbers(Members phones) {
        SortedMap<String, CardValue> numbers = new TreeMap<>();
        for (CardValue phone : phones.values().values()) {
            CardValue number = ((Members) phone).values().get("number");
            numbers.put("p" + (numbers.size() + 1), new Members(new TreeMap<>(Map.of("number", number))));
        }
        return new Members(numbers);
    }
}
