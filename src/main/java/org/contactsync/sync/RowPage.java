package org.contactsync.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of contacts up to a number and a size, read a few at a time: a thousand cards may be anything from 100 KiB to
 * 250 MiB.
 *
 * @param more whether rows come after these
 */
record RowPage(List<StoredContact> rows, boolean more) {
    /** Rows read at once: 25 MiB at the very most. */
    private static final int SLICE = 100;

    RowPage {
        rows = List.copyOf(rows);
    }

    /** Reads rows in their order. */
    interface Slices {
        /** The next rows after {@code last}, or the first ones; fewer than {@code most} only at the end. */
        List<StoredContact> after(Optional<StoredContact> last, int most);
    }

    /** At most {@code mostRows}; none is added once {@code mostBytes} of cards are reached. */
    static RowPage of(Slices slices, int mostRows, long mostBytes) {
        List<StoredContact> page = new ArrayList<>();
        Optional<StoredContact> last = Optional.empty();
        long bytes = 0;
        while (true) {
            Deadline.current().check();
            int asked = Math.min(SLICE, mostRows + 1 - page.size());
            List<StoredContact> slice = slices.after(last, asked);
            for (StoredContact row : slice) {
                if (page.size() == mostRows || bytes >= mostBytes) {
                    return new RowPage(page, true);
                }
                page.add(row);
                bytes += row.now().map(content -> content.card().length()).orElse(0);
                last = Optional.of(row);
            }
            if (slice.size() < asked) {
                return new RowPage(page, false);
            }
        }
    }
}
