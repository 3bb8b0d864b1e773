package org.contactsync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.Alternation;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.task.LostVersion;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;

/** The tables of a database, in memory. One transaction at a time. */
final class InMemoryRows {
    /** The key of the contacts that readers see, or of what an upload staged. */
    record Generation(long book, long number) {}

    /** A row of a task that waits. */
    record WaitingStep(
            long book,
            long place,
            byte[] payload,
            Optional<Tasks.Terms> terms,
            Instant nextAttempt,
            Instant namedUntil) {}

    /** A row of a task that was given up. */
    record GivenUpStep(long book, long place, byte[] payload, Instant at) {}

    /** The key of an acknowledged chunk. */
    record ChunkNumber(TaskId task, int number) {}

    /** What is to be removed: what a task staged, or a generation. */
    record Garbage(Optional<TaskId> task, Optional<Generation> generation, long book, long bytes) {}

    /** A change of a book, and the bytes that its history had before. */
    record NotedChange(PastChange change, long generation, long bytesBefore) {}

    /** A contact until a task replaced or deleted it. */
    record Ended(StoredContact contact, long until) {}

    /** A card that lost a conflict. */
    record Lost(LostVersion version, long seq) {}

    /** A generation that an upload has replaced. */
    record Retired(long generation, long seq, long bytes) {}

    final Map<String, BookState> books;
    final Map<Generation, NavigableMap<Uid, StoredContact>> contacts;
    final Map<Generation, NavigableMap<Uid, Alternation>> alternations;
    final Map<TaskId, SyncTask> tasks;
    final Map<TaskId, WaitingStep> waiting;
    final Map<TaskId, GivenUpStep> givenUp;
    final Map<ChunkNumber, Staging.Chunk> chunks;
    final Map<ChunkNumber, Staging.Bytes> chunkBytes;
    final Map<TaskId, NavigableMap<Uid, Change>> changes;
    final List<Garbage> garbage;
    /** By book and sequence number; an empty one is done. */
    final Map<Long, NavigableMap<Long, Optional<Instant>>> feedMarks;

    /** By book and sequence number. */
    final Map<Long, NavigableMap<Long, NotedChange>> noted;

    final Map<Long, List<Ended>> versions;
    final Map<Long, List<Lost>> lost;
    final Map<Long, List<Retired>> retired;
    /** By book. */
    final Map<Long, Long> historyBytes;

    final NavigableMap<Long, BookTree.Row> trees;

    private long places;
    private long bookIds;
    private boolean erased;

    InMemoryRows() {
        books = new HashMap<>();
        contacts = new HashMap<>();
        alternations = new HashMap<>();
        tasks = new HashMap<>();
        waiting = new HashMap<>();
        givenUp = new HashMap<>();
        chunks = new HashMap<>();
        chunkBytes = new HashMap<>();
        changes = new HashMap<>();
        garbage = new ArrayList<>();
        feedMarks = new HashMap<>();
        noted = new HashMap<>();
        versions = new HashMap<>();
        lost = new HashMap<>();
        retired = new HashMap<>();
        historyBytes = new HashMap<>();
        trees = new TreeMap<>();
    }

    private InMemoryRows(InMemoryRows other) {
        books = new HashMap<>(other.books);
        contacts = copies(other.contacts);
        alternations = copies(other.alternations);
        tasks = new HashMap<>(other.tasks);
        waiting = new HashMap<>(other.waiting);
        givenUp = new HashMap<>(other.givenUp);
        chunks = new HashMap<>(other.chunks);
        chunkBytes = new HashMap<>(other.chunkBytes);
        changes = copies(other.changes);
        garbage = new ArrayList<>(other.garbage);
        feedMarks = copies(other.feedMarks);
        noted = copies(other.noted);
        versions = lists(other.versions);
        lost = lists(other.lost);
        retired = lists(other.retired);
        historyBytes = new HashMap<>(other.historyBytes);
        trees = new TreeMap<>(other.trees);
        places = other.places;
        bookIds = other.bookIds;
        erased = other.erased;
    }

    InMemoryRows copy() {
        return new InMemoryRows(this);
    }

    /** What an erasure leaves: that there was one. */
    InMemoryRows withoutAny() {
        InMemoryRows rows = new InMemoryRows();
        rows.bookIds = bookIds;
        rows.erased = true;
        return rows;
    }

    boolean erased() {
        return erased;
    }

    /** No book has had it. */
    long nextBook() {
        return ++bookIds;
    }

    /** Behind all that were given before. */
    long nextPlace() {
        return ++places;
    }

    NavigableMap<Uid, StoredContact> contacts(long book, long generation) {
        return contacts.computeIfAbsent(new Generation(book, generation), key -> new TreeMap<>());
    }

    NavigableMap<Uid, Change> changes(TaskId task) {
        return changes.computeIfAbsent(task, key -> new TreeMap<>());
    }

    private static <K, V> Map<K, List<V>> lists(Map<K, List<V>> lists) {
        Map<K, List<V>> copies = new HashMap<>();
        lists.forEach((key, list) -> copies.put(key, new ArrayList<>(list)));
        return copies;
    }

    private static <K, L, V> Map<K, NavigableMap<L, V>> copies(Map<K, NavigableMap<L, V>> maps) {
        Map<K, NavigableMap<L, V>> copies = new HashMap<>();
        maps.forEach((key, map) -> copies.put(key, new TreeMap<>(map)));
        return copies;
    }
}
