package org.contactsync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.sync.InMemoryRows.NotedChange;
import org.contactsync.sync.InMemoryRows.Retired;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges.Switched;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.PastChange;
import org.contactsync.sync.history.PastVersion;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;

/** The history of books, in memory. */
final class InMemoryHistory implements BookHistory, HistoryRetention {
    private final InMemoryStore store;

    InMemoryHistory(InMemoryStore store) {
        this.store = store;
    }

    void keep(BookState before, long seq, Writes writes) {
        for (StoredContact write : writes.contacts()) {
            StoredContact old =
                    store.rows().contacts(before.id(), before.generation()).get(write.uid());
            if (old != null && old.now().isPresent()) {
                versions(before.id()).add(new PastVersion(old, seq));
            }
        }
    }

    void retire(BookUpdate update, Switched switched) {
        BookState before = update.before();
        if (before.digest().count() == 0 || switched.retiredBytes() > switched.mostKept()) {
            store.staging().markForRemoval(before.id(), before.generation(), switched.retiredBytes());
            return;
        }
        List<Retired> retired = retired(before.id());
        long kept = switched.retiredBytes();
        for (Retired older : List.copyOf(retired).stream()
                .sorted(Comparator.comparing(Retired::generation).reversed())
                .toList()) {
            kept += older.bytes();
            if (kept > switched.mostKept()) {
                retired.remove(older);
                store.staging().markForRemoval(before.id(), older.generation(), older.bytes());
            }
        }
        retired.add(new Retired(before.generation(), update.after().seq(), switched.retiredBytes()));
    }

    void note(BookUpdate update, EndedTask cause) {
        BookState before = update.before();
        BookState after = update.after();
        long bytes = store.rows().historyBytes.getOrDefault(before.id(), 0L);
        PastChange change = new PastChange(
                after.seq(),
                cause.at(),
                after.generation(),
                cause.task().kind(),
                cause.task().id(),
                cause.task().device(),
                new CheckCodes(before.key()).checkCode(before.digest()),
                cause.task().applied().orElseThrow().code(),
                after.digest().count(),
                update.contacts().puts(),
                update.contacts().deletes());
        store.writing()
                .noted
                .computeIfAbsent(before.id(), key -> new TreeMap<>())
                .put(after.seq(), new NotedChange(change, bytes));
        long added = versions(before.id()).stream()
                        .filter(version -> version.until() == after.seq())
                        .mapToLong(version ->
                                version.contact().now().orElseThrow().card().length() + Limits.STAGED_ROW)
                        .sum()
                + retired(before.id()).stream()
                        .filter(generation -> generation.seq() == after.seq())
                        .mapToLong(Retired::bytes)
                        .sum();
        store.writing().historyBytes.put(before.id(), bytes + added);
    }

    @Override
    public List<PastChange> changes(long book, long below, int most) {
        return latestFirst(book)
                .filter(change -> change.seq() < below)
                .limit(most)
                .toList();
    }

    @Override
    public Optional<PastChange> change(long book, long seq) {
        return latestFirst(book).filter(change -> change.seq() == seq).findFirst();
    }

    @Override
    public Optional<PastChange> lastWithCode(long book, CheckCode after) {
        return latestFirst(book).filter(change -> change.after().equals(after)).findFirst();
    }

    @Override
    public Optional<PastChange> lastUntil(long book, Instant time) {
        return latestFirst(book).filter(change -> !change.at().isAfter(time)).findFirst();
    }

    @Override
    public Optional<PastChange> oldest(long book) {
        return latestFirst(book).reduce((later, earlier) -> earlier);
    }

    @Override
    public List<PastVersion> versions(long book, Uid uid, long below, int most) {
        return versions(book).stream()
                .filter(version -> version.contact().uid().equals(uid) && version.until() < below)
                .sorted(Comparator.comparing(PastVersion::until).reversed())
                .limit(most)
                .toList();
    }

    @Override
    public Part find(long after, int most, Bounds bounds) {
        List<BookState> books = store.rows().books.values().stream()
                .filter(book -> book.id() > after)
                .sorted(Comparator.comparing(BookState::id))
                .limit(most)
                .toList();
        return new Part(
                books.stream()
                        .filter(book -> noted(book.id())
                                .limit(1)
                                .anyMatch(change -> exceeds(book, change, bounds)))
                        .map(BookState::id)
                        .toList(),
                books.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(books.get(books.size() - 1).id()));
    }

    @Override
    public boolean shorten(long id, int most, Bounds bounds) {
        BookState book = store.rows().books.values().stream()
                .filter(each -> each.id() == id)
                .findFirst()
                .orElseThrow();
        List<Long> exceeding = noted(id)
                .limit(most)
                .takeWhile(change -> exceeds(book, change, bounds))
                .map(noted -> noted.change().seq())
                .toList();
        if (exceeding.isEmpty()) {
            return false;
        }
        long end = exceeding.get(exceeding.size() - 1);
        List<PastVersion> old = versions(id).stream()
                .filter(version -> version.until() <= end)
                .sorted(Comparator.comparing(PastVersion::until)
                        .thenComparing(version -> version.contact().uid()))
                .limit(most)
                .toList();
        versions(id).removeAll(old);
        boolean cut = old.size() == most;
        forget(id, cut ? old.get(most - 1).until() - 1 : end);
        return cut || exceeding.size() == most;
    }

    private void forget(long book, long end) {
        for (Retired each : List.copyOf(retired(book))) {
            if (each.seq() <= end) {
                retired(book).remove(each);
                store.staging().markForRemoval(book, each.generation(), each.bytes());
            }
        }
        store.writing().noted.get(book).headMap(end, true).clear();
    }

    private boolean exceeds(BookState book, NotedChange noted, Bounds bounds) {
        return noted.change().at().isBefore(bounds.from())
                || noted.change().seq() <= book.seq() - bounds.changes()
                || store.rows().historyBytes.getOrDefault(book.id(), 0L) - noted.bytesBefore() > bounds.bytes();
    }

    private Stream<NotedChange> noted(long book) {
        return store.rows().noted.getOrDefault(book, new TreeMap<>()).values().stream();
    }

    private Stream<PastChange> latestFirst(long book) {
        return new TreeMap<>(store.rows().noted.getOrDefault(book, new TreeMap<>()))
                .descendingMap().values().stream().map(NotedChange::change);
    }

    private List<PastVersion> versions(long book) {
        return store.rows().versions.computeIfAbsent(book, key -> new ArrayList<>());
    }

    private List<Retired> retired(long book) {
        return store.rows().retired.computeIfAbsent(book, key -> new ArrayList<>());
    }
}
