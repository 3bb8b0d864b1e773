package org.contactsync.checkcode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Positions that stand side by side, such as those of one node.
 *
 * @param first the lowest
 * @param last the highest, at least {@code first}
 */
public record PositionRange(Position first, Position last) {
    public PositionRange {
        if (first.value() > last.value()) {
            throw new IllegalArgumentException(
                    "range: first at most last, not " + first.value() + " to " + last.value());
        }
    }

    /**
     * The positions that start with {@code prefix}.
     *
     * @throws IllegalArgumentException unless it is 0 to {@value Position#DIGITS} lower-case hex digits
     */
    public static PositionRange below(String prefix) {
        Position.requirePrefix(prefix);
        int free = 4 * (Position.DIGITS - prefix.length());
        int first = prefix.isEmpty() ? 0 : Integer.parseInt(prefix, 16) << free;
        return of(first, first + (1 << free) - 1);
    }

    /** The positions that start with one of {@code prefixes}, each once, in order, with what stands side by side in one. */
    public static List<PositionRange> below(Collection<String> prefixes) {
        List<PositionRange> merged = new ArrayList<>();
        prefixes.stream()
                .map(PositionRange::below)
                .sorted(Comparator.comparingInt(range -> range.first().value()))
                .forEach(next -> {
                    int end = merged.size() - 1;
                    if (end >= 0
                            && next.first().value() <= merged.get(end).last().value() + 1) {
                        PositionRange before = merged.get(end);
                        int last = Math.max(before.last().value(), next.last().value());
                        merged.set(end, of(before.first().value(), last));
                    } else {
                        merged.add(next);
                    }
                });
        return merged;
    }

    public boolean has(Position position) {
        return position.value() >= first.value() && position.value() <= last.value();
    }

    private static PositionRange of(int first, int last) {
        return new PositionRange(new Position(first), new Position(last));
    }
}
