package org.contactsync.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;

/** What the service's book was at each look, and which contacts no user has given up. */
final class Ledger {
    private static final int MOST_LOOKS = 6;

    private final BookClient client;
    private final HistoryClient history;
    private final Set<Uid> made = new TreeSet<>();
    private final Set<Uid> givenUp = new HashSet<>();
    private final Map<Uid, Edits> edits = new TreeMap<>();
    private final Map<Integer, Integer> incarnations = new HashMap<>();
    private boolean setBack;
    private Seen seen = new Seen();
    private Optional<BookHead> last = Optional.empty();

    /** Who edited a contact, and its last card; several names if several devices did. */
    private record Edits(Set<String> devices, CanonicalCard last) {
        Edits and(String device) {
            Set<String> all = new TreeSet<>(devices);
            all.add(device);
            return new Edits(all, last);
        }
    }

    /** All that was seen. */
    private static final class Seen {
        final Map<CheckCode, Map<Uid, CanonicalCard>> states = new LinkedHashMap<>();
        final Map<Uid, Set<CanonicalCard>> versions = new HashMap<>();

        Seen copy() {
            Seen copy = new Seen();
            copy.states.putAll(states);
            versions.forEach((uid, cards) -> copy.versions.put(uid, new LinkedHashSet<>(cards)));
            return copy;
        }
    }

    Ledger(BookClient client, HistoryClient history) {
        this.client = client;
        this.history = history;
    }

    /** The contact with that number for whoever makes it: another one when a user has given up the last. */
    Uid toMake(int contact) {
        Uid last = names(contact).get(0);
        if (!givenUp.contains(last)) {
            return last;
        }
        incarnations.merge(contact, 1, Integer::sum);
        return names(contact).get(0);
    }

    /** All that had that number, the last one first. */
    List<Uid> names(int contact) {
        List<Uid> names = new ArrayList<>();
        for (int n = incarnations.getOrDefault(contact, 0); n >= 0; n--) {
            // A UUID, which is nobody else's: the library takes other names for one contact only if their cards are
            // alike.
            names.add(new Uid("00000000-0000-4000-8000-%04d%08d".formatted(n, contact)));
        }
        return names;
    }

    /** A user has made or edited the contact at a device. */
    void made(Uid uid, String device, CanonicalCard card) {
        made.add(uid);
        Edits before = edits.getOrDefault(uid, new Edits(Set.of(), card));
        Edits now = new Edits(before.devices(), card).and(device);
        edits.put(uid, setBack ? now.and("another") : now);
    }

    /**
     * The service was set back. A device that had agreed on something later sends its own cards again, also over edits that others make
     * before it comes: those need not be what remains.
     */
    void serviceWasSetBack() {
        oldCardsMayCome();
        setBack = true;
    }

    /** Something brings old cards back: the edits until now need not be what remains. */
    void oldCardsMayCome() {
        edits.replaceAll((uid, each) -> each.and("another"));
    }

    /** Another device has edited the contact. */
    void editedByOthers(Uid uid) {
        edits.computeIfPresent(uid, (key, each) -> each.and(Guest.NAME));
    }

    /** Nor need those of a device that loses them. */
    void editsMayBeLost(String device) {
        edits.replaceAll((uid, each) -> each.devices().contains(device) ? each.and("another") : each);
    }

    /** Contacts that only one device ever edited and nobody deleted, as they were edited last. */
    Map<Uid, CanonicalCard> ofOneEditor() {
        Map<Uid, CanonicalCard> last = new TreeMap<>();
        Set<Uid> wanted = wanted();
        edits.forEach((uid, each) -> {
            if (each.devices().size() == 1 && wanted.contains(uid)) {
                last.put(uid, each.last());
            }
        });
        return last;
    }

    /** A user has deleted it, or has agreed that it goes. */
    void givenUp(Uid uid) {
        givenUp.add(uid);
    }

    /** All others are gone. */
    void givenUpExcept(Collection<Uid> kept) {
        made.stream().filter(uid -> !kept.contains(uid)).forEach(givenUp::add);
    }

    /** A user has agreed that the book has these contacts and no others, as they were; unless it is refused. */
    void becomes(Collection<Uid> kept) {
        oldCardsMayCome();
        givenUpExcept(kept);
    }

    /** The user has erased the account, and has agreed that only what devices send again comes back. */
    void erased(Collection<Uid> kept) {
        serviceWasSetBack();
        givenUpExcept(kept);
        seen = new Seen();
        last = Optional.empty();
    }

    /** Whether that was the service's code at the last look. */
    boolean isBook(CheckCode code) {
        return last.map(BookHead::checkCode).filter(code::equals).isPresent();
    }

    Set<Uid> wanted() {
        Set<Uid> wanted = new TreeSet<>(made);
        wanted.removeAll(givenUp);
        return wanted;
    }

    /** The service's book at the last look. */
    Map<Uid, CanonicalCard> book() {
        return last.map(head -> at(head.checkCode())).orElse(Map.of());
    }

    /** What the service had at some looks, in order. */
    List<CheckCode> codes() {
        return List.copyOf(seen.states.keySet());
    }

    Map<Uid, CanonicalCard> at(CheckCode code) {
        return seen.states.getOrDefault(code, Map.of());
    }

    Set<Uid> everSeen() {
        return seen.versions.keySet();
    }

    Set<CanonicalCard> versions(Uid uid) {
        return seen.versions.getOrDefault(uid, Set.of());
    }

    /** The service goes back to what was seen until now. */
    Runnable backup() {
        Seen kept = seen.copy();
        Optional<BookHead> head = last;
        return () -> {
            seen = kept.copy();
            last = head;
        };
    }

    /** Looks at the service: its code is that of its contacts, and its history leads from the last look to this one. */
    void look() throws ServerUnreachable, ServerRefusal {
        for (int look = 1; !hasLooked(); look++) {
            assertThat(look).as("looks at a book that does not come to rest").isLessThan(MOST_LOOKS);
        }
    }

    /** False if the book has changed meanwhile: a task that waited for its turn may have it now. */
    private boolean hasLooked() throws ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        if (last.map(BookHead::seq).equals(Optional.of(head.seq()))) {
            assertThat(head.checkCode()).isEqualTo(last.orElseThrow().checkCode());
            return true;
        }
        Optional<Contents> read = client.contents();
        if (read.isEmpty()) {
            return false;
        }
        Contents contents = read.get();
        List<HistoryClient.Change> changes =
                history.changesAbove(last.map(BookHead::seq).orElse(0L));
        if (client.book().seq() != head.seq()) {
            return false;
        }
        assertThat(contents.isWhole(new CheckCodes(head.checkKey())))
                .as("the code is that of the contacts")
                .isTrue();
        assertThat(contents.checkCode()).isEqualTo(head.checkCode());
        assertThat((long) contents.contacts().size()).isEqualTo(head.count());
        chain(head, changes);
        seen.states.put(head.checkCode(), new TreeMap<>(contents.contacts()));
        contents.contacts()
                .forEach((uid, card) -> seen.versions
                        .computeIfAbsent(uid, key -> new LinkedHashSet<>())
                        .add(card));
        last = Optional.of(head);
        return true;
    }

    private void chain(BookHead head, List<HistoryClient.Change> changes) {
        long from = last.map(BookHead::seq).orElse(0L);
        CheckCode after = head.checkCode();
        long seq = head.seq();
        long count = head.count();
        for (HistoryClient.Change change : changes) {
            assertThat(List.of(change.seq(), change.after(), change.count()))
                    .as("the history")
                    .isEqualTo(List.of(seq, after, change.seq() == head.seq() ? count : change.count()));
            after = change.before();
            seq--;
        }
        assertThat(seq).as("each task is in the history").isEqualTo(from);
        CheckCode begin = last.map(BookHead::checkCode).orElse(TwoWayDevice.code(head.checkKey(), Map.of()));
        assertThat(after).as("the history leads from the last look").isEqualTo(begin);
    }
}
