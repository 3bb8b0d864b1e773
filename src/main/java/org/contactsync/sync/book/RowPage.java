package org.contactsync.sync.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Rows of contacts up to a number and a size, read a few at a time: a thousand cards have between 100 KiB and 250 MiB.
 *
 * @param more whether rows come after these
 */
public record RowPage(List<StoredContact> rows, boolean more) {
    /** Rows read at once. */
    private static final int SLICE = 100;

    public RowPage {
        rows = List.copyOf(rows);
    }

    /**
     * Where a page ends.
     *
     * @param rows at most so many
     * @param bytes no row is added once the cards have this size: a page exceeds it by at most one card
     */
    public record Bounds(int rows, long bytes) {}

    /** Reads rows in their order. */
    public interface Slices {
        /**
         * The next rows after {@code last}, or the first ones; fewer than {@code most} only at the end. The card of a row
         * is read only when the supplier is called.
         */
        List<? extends Supplier<StoredContact>> after(Optional<StoredContact> last, int most);
    }

    /** The first ones of rows that are in memory. */
    public static RowPage of(List<StoredContact> rows, Bounds bounds) {
        long bytes = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (i == bounds.rows() || bytes >= bounds.bytes()) {
                return new RowPage(rows.subList(0, i), true);
            }
            bytes += bytes(rows.get(i));
        }
        return new RowPage(rows, false);
    }

    /** The first rows of {@code slices}. */
    public static RowPage of(Slices slices, Bounds bounds) {
        List<StoredContact> page = new ArrayList<>();
        Optional<StoredContact> last = Optional.empty();
        long bytes = 0;
        while (true) {
            Deadline.current().check();
            int asked = (int) Math.min(SLICE, bounds.rows() + 1L - page.size());
            List<? extends Supplier<StoredContact>> slice = slices.after(last, asked);
            for (Supplier<StoredContact> next : slice) {
                if (page.size() == bounds.rows() || bytes >= bounds.bytes()) {
                    return new RowPage(page, true);
                }
                StoredContact row = next.get();
                page.add(row);
                bytes += bytes(row);
                last = Optional.of(row);
            }
            if (slice.size() < asked) {
                return new RowPage(page, false);
            }
        }
    }

    private static int bytes(StoredContact row) {
        return row.now().map(content -> content.card().length()).orElse(0);
    }
}
