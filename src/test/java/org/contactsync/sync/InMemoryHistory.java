package org.contactsync.sync;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.sync.InMemoryRows.Ended;
import org.contactsync.sync.InMemoryRows.NotedChange;
import org.contactsync.sync.InMemoryRows.Retired;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges.Few;
import org.contactsync.sync.book.ContactChanges.Switched;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.PastLeaf;
import org.contactsync.sync.history.PastState;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;

/** The history of books, in memory. */
final class InMemoryHistory implements BookHistory, HistoryRetention {
    private static final int MOST_GENERATIONS = 60;

    private final InMemoryStore store;

    InMemoryHistory(InMemoryStore store) {
        this.store = store;
    }

    void keep(BookState before, long seq, Writes writes) {
        for (StoredContact write : writes.contacts()) {
            StoredContact old =
                    store.rows().contacts(before.id(), before.generation()).get(write.uid());
            if (old != null && old.now().isPresent()) {
                versions(before.id()).add(new Ended(old, seq));
            }
        }
    }

    void retire(BookUpdate update, Switched switched) {
        BookState before = update.before();
        boolean fits = switched.retiredBytes() <= switched.mostKept();
        if (before.digest().count() == 0 || !fits) {
            if (before.digest().count() > 0) {
                forget(before.id(), before.seq());
            }
            store.staging().markForRemoval(before.id(), before.generation(), switched.retiredBytes());
            return;
        }
        long kept = switched.retiredBytes();
        int number = 1;
        for (Retired older : List.copyOf(retired(before.id())).stream()
                .sorted(Comparator.comparing(Retired::generation).reversed())
                .toList()) {
            kept += older.bytes();
            number++;
            if (kept > switched.mostKept() || number > MOST_GENERATIONS) {
                forget(before.id(), older.seq());
                break;
            }
        }
        retired(before.id()).add(new Retired(before.generation(), update.after().seq(), switched.retiredBytes()));
    }

    void look(BookUpdate update) {
        boolean one = update.lost().isEmpty()
                && update.contacts() instanceof Few few
                && few.writes().contacts().size() <= 1;
        boolean due = update.changesBook() && (!one || update.after().seq() % 64 == 0);
        while (due && exceeds(update.before().id(), TestStore.MOST_HISTORY)) {
            shorten(update.before().id(), 1_000_000, TestStore.MOST_HISTORY);
        }
    }

    void note(BookUpdate update, EndedTask cause) {
        BookState before = update.before();
        BookState after = update.after();
        long bytes = store.rows().historyBytes.getOrDefault(before.id(), 0L);
        PastChange change = new PastChange(
                after.seq(),
                cause.at(),
                cause.task().kind(),
                cause.task().id(),
                cause.task().device(),
                new CheckCodes(before.key()).checkCode(before.digest()),
                cause.task().applied().orElseThrow().code(),
                after.digest().count(),
                update.contacts().puts(),
                update.contacts().deletes(),
                cause.restores());
        update.lost()
                .forEach(lost -> store.writing()
                        .lost
                        .computeIfAbsent(before.id(), key -> new ArrayList<>())
                        .add(new InMemoryRows.Lost(lost, after.seq())));
        store.writing()
                .noted
                .computeIfAbsent(before.id(), key -> new TreeMap<>())
                .put(after.seq(), new NotedChange(change, after.generation(), bytes));
        long added = versions(before.id()).stream()
                        .filter(version -> version.until() == after.seq())
                        .mapToLong(version ->
                                version.contact().now().orElseThrow().card().length() + Limits.STAGED_ROW)
                        .sum()
                + retired(before.id()).stream()
                        .filter(generation -> generation.seq() == after.seq())
                        .mapToLong(Retired::bytes)
                        .sum()
                + update.lost().stream()
                        .mapToLong(lost -> lost.content().card().length() + Limits.STAGED_ROW)
                        .sum();
        store.writing().historyBytes.put(before.id(), bytes + added);
    }

    void forgetRecord(long book, long seq) {
        requireNonNull(store.writing().noted.get(book)).remove(seq);
        versions(book).removeIf(version -> version.until() == seq);
        for (Retired each : List.copyOf(retired(book))) {
            if (each.seq() == seq) {
                retired(book).remove(each);
                store.staging().markForRemoval(book, each.generation(), each.bytes());
            }
        }
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
    public Optional<PastState> state(long book, long seq) {
        NavigableMap<Long, NotedChange> noted = store.rows().noted.getOrDefault(book, new TreeMap<>());
        NotedChange own = noted.get(seq);
        if (own != null) {
            return Optional.of(new PastState(seq, own.generation(), own.change().after()));
        }
        return Optional.ofNullable(noted.get(seq + 1))
                .map(next -> new PastState(
                        seq,
                        store.rows().retired.getOrDefault(book, List.of()).stream()
                                .filter(each -> each.seq() == seq + 1)
                                .map(Retired::generation)
                                .findFirst()
                                .orElse(next.generation()),
                        next.change().before()));
    }

    @Override
    public List<PastLeaf> unchanged(long book, PastState state, Optional<Uid> after, int most) {
        return leaves(book, state, after, most, false);
    }

    @Override
    public List<PastLeaf> ended(long book, PastState state, Optional<Uid> after, int most) {
        return leaves(book, state, after, most, true);
    }

    private List<PastLeaf> leaves(long book, PastState state, Optional<Uid> after, int most, boolean endedOnes) {
        return past(book, state).values().stream()
                .filter(ended -> endedOnes == (ended.until() != Long.MAX_VALUE))
                .filter(ended -> after.map(uid -> ended.contact().uid().compareTo(uid) > 0)
                        .orElse(true))
                .limit(most)
                .map(ended -> leaf(
                        ended.contact(),
                        ended.until() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(ended.until())))
                .toList();
    }

    @Override
    public List<PastLeaf> written(long book, PastState state, Optional<Uid> after, int most) {
        return store
                .rows()
                .contacts
                .getOrDefault(new InMemoryRows.Generation(book, state.generation()), new TreeMap<>())
                .values()
                .stream()
                .filter(contact -> contact.now().isPresent() && contact.seq() > state.seq())
                .filter(contact ->
                        after.map(uid -> contact.uid().compareTo(uid) > 0).orElse(true))
                .limit(most)
                .map(contact -> leaf(contact, OptionalLong.empty()))
                .toList();
    }

    private static PastLeaf leaf(StoredContact contact, OptionalLong until) {
        Content now = contact.now().orElseThrow();
        return new PastLeaf(
                contact.uid(), now.hash(), contact.entry(), now.card().length(), until);
    }

    @Override
    public Map<Uid, CanonicalCard> cards(long book, PastState state, List<PastLeaf> leaves) {
        NavigableMap<Uid, Ended> past = past(book, state);
        Map<Uid, CanonicalCard> cards = new HashMap<>();
        for (PastLeaf leaf : leaves) {
            Optional.ofNullable(past.get(leaf.uid()))
                    .ifPresent(ended -> cards.put(
                            leaf.uid(), ended.contact().now().orElseThrow().card()));
        }
        return cards;
    }

    private NavigableMap<Uid, Ended> past(long book, PastState state) {
        NavigableMap<Uid, Ended> past = new TreeMap<>();
        store
                .rows()
                .contacts
                .getOrDefault(new InMemoryRows.Generation(book, state.generation()), new TreeMap<>())
                .values()
                .stream()
                .filter(contact -> contact.now().isPresent() && contact.seq() <= state.seq())
                .forEach(contact -> past.put(contact.uid(), new Ended(contact, Long.MAX_VALUE)));
        store.rows().versions.getOrDefault(book, List.of()).stream()
                .filter(ended -> ended.contact().seq() <= state.seq() && ended.until() > state.seq())
                .forEach(ended -> past.put(ended.contact().uid(), ended));
        return past;
    }

    @Override
    public Optional<Content> content(long book, long generation, Uid uid, ContentHash hash, int most) {
        Stream<Content> now = present(book, generation, uid).stream();
        Stream<Content> past = Stream.of(allVersions(book), lost(book))
                .flatMap(versions -> versions.filter(version -> version.uid().equals(uid))
                        .sorted(Comparator.comparing(PastVersion::until).reversed())
                        .limit(most))
                .map(PastVersion::content);
        return Stream.concat(now, past)
                .filter(content -> content.hash().equals(hash))
                .findFirst();
    }

    @Override
    public Set<Uid> known(long book, long generation, Map<Uid, ContentHash> contents, Instant since, int most) {
        Map<Uid, StoredContact> now =
                store.rows().contacts.getOrDefault(new InMemoryRows.Generation(book, generation), new TreeMap<>());
        Set<Uid> known = new HashSet<>();
        contents.forEach((uid, hash) -> {
            boolean has = Stream.ofNullable(now.get(uid))
                    .flatMap(contact -> contact.now().stream())
                    .anyMatch(content -> content.hash().equals(hash));
            boolean had = Stream.concat(allVersions(book), lost(book))
                    .anyMatch(version -> version.uid().equals(uid)
                            && version.content().hash().equals(hash)
                            && !version.endedAt().isBefore(since));
            if (has || had) {
                known.add(uid);
            }
        });
        return known;
    }

    @Override
    public Page versions(long book, Uid uid, long below, RowPage.Bounds bounds) {
        return page(
                Stream.concat(allVersions(book), lost(book))
                        .filter(version -> version.uid().equals(uid) && version.until() < below)
                        .sorted(Comparator.comparing(PastVersion::until).reversed())
                        .toList(),
                bounds);
    }

    @Override
    public Optional<Content> present(long book, long generation, Uid uid) {
        return Optional.ofNullable(store.rows()
                        .contacts
                        .getOrDefault(new InMemoryRows.Generation(book, generation), new TreeMap<>())
                        .get(uid))
                .flatMap(StoredContact::now);
    }

    @Override
    public Optional<PastVersion> lastVersion(long book, long generation, Uid uid) {
        return allVersions(book)
                .filter(version -> version.uid().equals(uid))
                .findFirst()
                .filter(version -> isLast(book, generation, version, true));
    }

    /** Unless a task that is not recorded may have changed the contact after it. */
    private boolean isLast(long book, long generation, PastVersion version, boolean whenLive) {
        StoredContact row = store.rows()
                .contacts
                .getOrDefault(new InMemoryRows.Generation(book, generation), new TreeMap<>())
                .get(version.uid());
        if (row != null) {
            return row.now().isPresent() ? whenLive : row.seq() <= version.until();
        }
        long from = book(book).changesFrom();
        return LongStream.rangeClosed(version.until(), from)
                .allMatch(seq ->
                        store.rows().noted.getOrDefault(book, new TreeMap<>()).containsKey(seq));
    }

    private Stream<PastVersion> lost(long book) {
        return store.rows().lost.getOrDefault(book, List.of()).stream()
                .flatMap(each -> change(book, each.seq()).stream()
                        .map(change -> new PastVersion(
                                each.version().uid(),
                                each.version().content(),
                                change.device(),
                                each.seq(),
                                each.seq(),
                                change.at(),
                                change.device(),
                                true)));
    }

    @Override
    public Page deleted(long book, long generation, Optional<Place> after, RowPage.Bounds bounds) {
        Set<Uid> seen = new HashSet<>();
        List<PastVersion> gone = allVersions(book)
                .filter(version -> seen.add(version.uid()))
                .filter(version -> isLast(book, generation, version, false))
                .filter(version -> after.map(place -> isBehind(version, place)).orElse(true))
                .toList();
        return page(gone, bounds);
    }

    @Override
    public Page kept(long book, long generation, Optional<Place> after, RowPage.Bounds bounds) {
        return page(behind(allVersions(book), after), bounds);
    }

    @Override
    public Page lost(long book, Optional<Place> after, RowPage.Bounds bounds) {
        Comparator<PastVersion> order = Comparator.comparing(PastVersion::until).thenComparing(PastVersion::uid);
        return page(behind(lost(book).sorted(order.reversed()), after), bounds);
    }

    private static List<PastVersion> behind(Stream<PastVersion> versions, Optional<Place> after) {
        return versions.filter(
                        version -> after.map(place -> isBehind(version, place)).orElse(true))
                .toList();
    }

    private static boolean isBehind(PastVersion version, Place place) {
        return version.until() < place.until()
                || version.until() == place.until()
                        && place.below()
                                .map(uid -> version.uid().compareTo(uid) < 0)
                                .orElse(true);
    }

    /** In descending order of their ends and uids. */
    private Stream<PastVersion> allVersions(long book) {
        Map<Long, PastChange> changes = new HashMap<>();
        noted(book).forEach(noted -> changes.put(noted.change().seq(), noted.change()));
        Stream<Ended> retired = store.rows().retired.getOrDefault(book, List.of()).stream()
                .flatMap(each -> store
                        .rows()
                        .contacts
                        .getOrDefault(new InMemoryRows.Generation(book, each.generation()), new TreeMap<>())
                        .values()
                        .stream()
                        .filter(contact -> contact.now().isPresent())
                        .map(contact -> new Ended(contact, each.seq())));
        return Stream.concat(store.rows().versions.getOrDefault(book, List.of()).stream(), retired)
                .filter(ended -> changes.containsKey(ended.until()))
                .sorted(Comparator.comparing(Ended::until)
                        .thenComparing(ended -> ended.contact().uid())
                        .reversed())
                .map(ended -> version(ended, requireNonNull(changes.get(ended.until()))));
    }

    private static PastVersion version(Ended ended, PastChange change) {
        StoredContact contact = ended.contact();
        return new PastVersion(
                contact.uid(),
                contact.now().orElseThrow(),
                contact.device(),
                contact.seq(),
                ended.until(),
                change.at(),
                change.device(),
                false);
    }

    private static Page page(List<PastVersion> all, RowPage.Bounds bounds) {
        List<PastVersion> page = new ArrayList<>();
        long bytes = 0;
        for (PastVersion version : all) {
            boolean full = !page.isEmpty() && (page.size() >= bounds.rows() || bytes >= bounds.bytes());
            PastVersion last = full ? page.get(page.size() - 1) : version;
            if (full && !(last.until() == version.until() && last.uid().equals(version.uid()))) {
                return new Page(page, Optional.of(new Place(last.until(), Optional.of(last.uid()))));
            }
            page.add(version);
            bytes += version.content().card().length();
        }
        return new Page(page, Optional.empty());
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
                        .map(BookState::id)
                        .filter(book -> exceeds(book, bounds))
                        .toList(),
                books.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(books.get(books.size() - 1).id()),
                books.stream()
                        .mapToLong(book -> noted(book.id())
                                .findFirst()
                                .map(oldest ->
                                        store.rows().historyBytes.getOrDefault(book.id(), 0L) - oldest.bytesBefore())
                                .orElse(0L))
                        .sum(),
                books.stream()
                        .flatMap(book -> noted(book.id()).limit(1))
                        .map(oldest -> oldest.change().at())
                        .min(Comparator.naturalOrder()));
    }

    @Override
    public boolean exceeds(long id, Bounds bounds) {
        Optional<NotedChange> first = noted(id).findFirst();
        return first.filter(change -> exceeds(book(id), change, bounds)).isPresent()
                || first.isPresent()
                        && versions(id).stream()
                                .anyMatch(version ->
                                        version.until() < first.get().change().seq())
                || orphans(id).findAny().isPresent();
    }

    private BookState book(long id) {
        return store.rows().books.values().stream()
                .filter(each -> each.id() == id)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean shorten(long id, int most, Bounds bounds) {
        BookState book = book(id);
        List<Long> exceeding = noted(id)
                .limit(most)
                .takeWhile(change -> exceeds(book, change, bounds))
                .map(noted -> noted.change().seq())
                .toList();
        Optional<NotedChange> first = noted(id).findFirst();
        if (first.isEmpty()) {
            store.writing().lost.remove(id);
            return false;
        }
        long end = exceeding.isEmpty() ? first.get().change().seq() - 1 : exceeding.get(exceeding.size() - 1);
        if (removeLost(id, end, most)) {
            return true;
        }
        List<Ended> old = versions(id).stream()
                .filter(version -> version.until() <= end)
                .sorted(Comparator.comparing(Ended::until)
                        .thenComparing(version -> version.contact().uid()))
                .limit(most)
                .toList();
        versions(id).removeAll(old);
        boolean cut = old.size() == most;
        forget(id, cut ? old.get(most - 1).until() - 1 : end);
        return cut || exceeding.size() == most;
    }

    /** Of the last change all. Answers whether there may be more. */
    private boolean removeLost(long book, long end, int most) {
        List<InMemoryRows.Lost> lost = store.rows().lost.getOrDefault(book, List.of()).stream()
                .filter(each -> each.seq() <= end)
                .toList();
        boolean cut = lost.size() >= most;
        long last = cut ? lost.get(most - 1).seq() : end;
        store.writing().lost.computeIfAbsent(book, key -> new ArrayList<>()).removeIf(each -> each.seq() <= last);
        return cut;
    }

    /** Cards whose change is gone. */
    private Stream<InMemoryRows.Lost> orphans(long book) {
        long oldest = noted(book).findFirst().map(noted -> noted.change().seq()).orElse(Long.MAX_VALUE);
        return store.rows().lost.getOrDefault(book, List.of()).stream().filter(each -> each.seq() < oldest);
    }

    private void forget(long book, long end) {
        for (Retired each : List.copyOf(retired(book))) {
            if (each.seq() <= end) {
                retired(book).remove(each);
                store.staging().markForRemoval(book, each.generation(), each.bytes());
            }
        }
        store.writing()
                .noted
                .getOrDefault(book, new TreeMap<>())
                .headMap(end, true)
                .clear();
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

    private List<Ended> versions(long book) {
        return store.rows().versions.computeIfAbsent(book, key -> new ArrayList<>());
    }

    private List<Retired> retired(long book) {
        return store.rows().retired.computeIfAbsent(book, key -> new ArrayList<>());
    }
}
