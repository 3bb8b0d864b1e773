package org.contactsync.store.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.contactsync.contact.Uid;
import org.contactsync.store.keyed.PastVersionsSql;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;

/**
 * Walks through the versions of a book, the latest first, in slices of keys along an index. A contact ends either by a row of {@code
 * contact_version}, or with its generation at the number of a full upload, which has no such rows: the two take turns. Thread-safe, as the
 * container's entity manager is.
 */
final class VersionSlices {
    /** Keys that one page looks at; a slice counts as {@link #EMPTY_SLICE} more. */
    private static final int MOST_LOOKED_AT = 2_000;

    private static final int EMPTY_SLICE = 25;

    private final PastVersions versions;
    private final long generation;
    private final int size;

    /** @param size keys that one statement looks at */
    VersionSlices(PastVersions versions, long generation, int size) {
        this.versions = versions;
        this.generation = generation;
        this.size = size;
    }

    /**
     * Keys in a row.
     *
     * @param keys of versions, or of contacts of a generation
     * @param parameters from the third on
     * @param behind where it goes on if these are not so many as a slice has; empty at the end
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Slice(String keys, boolean ofGeneration, Object[] parameters, Optional<Place> behind) {}

    private record Key(long until, Uid uid) {}

    /** @param read the wanted rows of a slice, in its order */
    Page page(Optional<Place> after, RowPage.Bounds bounds, Function<Slice, List<PastVersions.Row>> read) {
        List<PastVersions.Row> rows = new ArrayList<>();
        Optional<Place> place = Optional.of(after.orElse(new Place(Long.MAX_VALUE, Optional.empty())));
        int lookedAt = 0;
        while (place.isPresent() && rows.size() <= bounds.rows() && lookedAt < MOST_LOOKED_AT) {
            Deadline.current().check();
            Slice slice = slice(place.get());
            List<Key> keys = keys(slice);
            if (!keys.isEmpty()) {
                rows.addAll(read.apply(slice));
            }
            lookedAt += keys.size() + EMPTY_SLICE;
            place = keys.size() == size ? Optional.of(behind(keys.get(size - 1))) : slice.behind();
        }
        return PastVersions.page(rows, bounds, place);
    }

    private static Place behind(Key key) {
        return new Place(key.until(), Optional.of(key.uid()));
    }

    private Slice slice(Place place) {
        long seq = place.until();
        Optional<PastVersions.Retired> retired = versions.lastRetired(seq);
        Optional<Place> below = Optional.of(new Place(seq - 1, Optional.empty()));
        if (retired.isPresent() && retired.get().seq() == seq) {
            return place.below()
                    .map(uid -> new Slice(
                            PastVersionsSql.contacts(true, size),
                            true,
                            parameters(seq, retired.get().generation(), uid.utf8()),
                            below))
                    .orElseGet(() -> new Slice(
                            PastVersionsSql.contacts(false, size),
                            true,
                            parameters(seq, retired.get().generation()),
                            below));
        }
        if (place.below().isPresent()) {
            return new Slice(
                    PastVersionsSql.versionsOfTask(size),
                    false,
                    parameters(seq, place.below().get().utf8()),
                    below);
        }
        return new Slice(
                PastVersionsSql.versions(size),
                false,
                parameters(seq, retired.map(PastVersions.Retired::seq).orElse(-1L)),
                retired.map(each -> new Place(each.seq(), Optional.empty())));
    }

    private static Object[] parameters(Object... values) {
        return values;
    }

    private List<Key> keys(Slice slice) {
        // Parameter 2 is not used here.
        String sql = "select k.until_seq, k.uid from (" + slice.keys() + ") k where ?2 is not null";
        Object[] all = Stream.concat(Stream.of(generation), Arrays.stream(slice.parameters()))
                .toArray();
        List<?> found = versions.query(sql, all).getResultList();
        return found.stream()
                .map(each -> (Object[]) each)
                .map(row -> new Key(JpaHistory.number(row[0]), Uid.of((byte[]) row[1])))
                .toList();
    }
}
