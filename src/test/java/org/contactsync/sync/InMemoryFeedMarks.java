package org.contactsync.sync;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.FeedMarks;

/** Marks in memory. */
final class InMemoryFeedMarks implements FeedMarks {
    private final InMemoryStore store;

    InMemoryFeedMarks(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public OptionalLong mark(long after, int most, Instant now, Duration apart) {
        List<BookState> looked = store.writing().books.values().stream()
                .filter(book -> book.id() > after)
                .sorted(Comparator.comparing(BookState::id))
                .limit(most)
                .toList();
        for (BookState book : looked) {
            NavigableMap<Long, Optional<Instant>> marks =
                    store.writing().feedMarks.computeIfAbsent(book.id(), id -> new TreeMap<>());
            boolean marked = !marks.tailMap(book.seq(), true).isEmpty()
                    || marks.values().stream()
                            .anyMatch(at -> at.isPresent() && at.get().isAfter(now.minus(apart)));
            if (book.seq() > book.changesFrom() && !marked) {
                marks.put(book.seq(), Optional.of(now));
            }
        }
        return looked.stream().mapToLong(BookState::id).max();
    }

    @Override
    public List<Aged> aged(Instant until, int most) {
        record Mark(Aged aged, Instant at) {}
        return store.writing().books.values().stream()
                .flatMap(book -> store.rows().feedMarks.getOrDefault(book.id(), new TreeMap<>()).entrySet().stream()
                        .flatMap(mark -> mark.getValue().stream()
                                .map(at -> new Mark(new Aged(book.id(), book.owner(), mark.getKey()), at))))
                .filter(mark -> !mark.at().isAfter(until))
                .sorted(Comparator.comparing(Mark::at)
                        .thenComparing(mark -> mark.aged().book()))
                .limit(most)
                .map(Mark::aged)
                .toList();
    }

    @Override
    public void done(Aged mark) {
        NavigableMap<Long, Optional<Instant>> marks =
                requireNonNull(store.writing().feedMarks.get(mark.book()));
        marks.headMap(mark.seq(), false).clear();
        marks.replace(mark.seq(), Optional.empty());
    }
}
