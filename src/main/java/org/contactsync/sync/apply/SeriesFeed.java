package org.contactsync.sync.apply;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.ChangesFeed;
import org.contactsync.sync.reading.Feed;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;

/**
 * The feed of a locked book that the steps of a series write one after the other. What all of them have missed is read together, before
 * the first one that needs it; what they write themselves is added. When that is more than fits into an answer, it is read for each of
 * them. Runs in the caller's transaction, one thread at a time.
 */
public final class SeriesFeed implements Feed {
    private static final Comparator<StoredContact> ORDER =
            Comparator.comparingLong(StoredContact::seq).thenComparing(StoredContact::uid);

    private final ChangesFeed feed;
    private final List<CheckCode> firsts;
    private final Set<CheckCode> reached = new HashSet<>();
    private final Map<Uid, StoredContact> written = new HashMap<>();
    private Optional<Map<CheckCode, Long>> stored = Optional.empty();
    private Optional<Base> base = Optional.empty();

    /**
     * Rows as they were when they were read.
     *
     * @param since all rows after this sequence number
     * @param rows empty if there are too many
     */
    private record Base(long since, Optional<List<StoredContact>> rows) {}

    public SeriesFeed(ChangesFeed feed, Series series) {
        this.feed = feed;
        firsts = series.steps().stream().map(ApplyChanges::firstCode).distinct().toList();
    }

    /** A step has been written. {@link SeriesBook} tells of it. */
    void moveOn(BookUpdate update) {
        for (EndedTask ended : update.ended()) {
            ended.task().applied().ifPresent(applied -> reached.add(applied.code()));
        }
        if (update.contacts() instanceof ContactChanges.Few few) {
            Writes writes = few.writes();
            writes.contacts().stream()
                    .filter(writes::hasRowAfter)
                    .forEach(contact -> written.put(contact.uid(), contact));
        }
    }

    @Override
    public Optional<Long> known(BookState book, CheckCodes codes, CheckCode first) {
        if (!firsts.contains(first) || reached.contains(first)) {
            return feed.known(book, codes, first);
        }
        Map<CheckCode, Long> known = stored.orElseGet(() -> feed.known(book, codes, firsts));
        stored = Optional.of(known);
        return Optional.ofNullable(known.get(first));
    }

    @Override
    public Missed since(BookState book, long seq) {
        Base read = base.filter(earlier -> earlier.since() <= seq).orElseGet(() -> read(book, seq));
        base = Optional.of(read);
        return read.rows().flatMap(rows -> feed.inline(merged(rows, seq))).orElseGet(() -> feed.since(book, seq));
    }

    /** From the earliest place of a step, so that it is enough for all of them. */
    private Base read(BookState book, long seq) {
        long earliest = stored.orElse(Map.of()).values().stream().reduce(seq, Math::min);
        return new Base(earliest, feed.whole(book, earliest));
    }

    /** Each contact once, as it is now. */
    private List<StoredContact> merged(List<StoredContact> rows, long seq) {
        Map<Uid, StoredContact> latest = rows.stream().collect(toMap(StoredContact::uid, row -> row));
        latest.putAll(written);
        List<StoredContact> after = new ArrayList<>(
                latest.values().stream().filter(row -> row.seq() > seq).toList());
        after.sort(ORDER);
        return after;
    }
}
