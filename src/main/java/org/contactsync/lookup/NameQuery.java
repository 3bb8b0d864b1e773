package org.contactsync.lookup;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Beginnings of words of a name. Immutable. */
public final class NameQuery {
    /** More words do not make it more precise. */
    private static final int MOST_WORDS = 8;

    private final String longest;
    private final List<String> others;

    private NameQuery(String longest, List<String> others) {
        this.longest = longest;
        this.others = others;
    }

    /** Empty if the text has no letter and no digit. */
    public static Optional<NameQuery> of(String text) {
        List<String> words = NameWords.split(text).stream()
                .distinct()
                .limit(MOST_WORDS)
                .map(word -> IndexedCard.WORD + word)
                .toList();
        return words.stream()
                .max(Comparator.comparingInt(String::length))
                .map(longest -> new NameQuery(
                        longest,
                        words.stream().filter(word -> !longest.startsWith(word)).toList()));
    }

    /** The one that the fewest entries are expected to begin with. */
    String longest() {
        return longest;
    }

    List<String> others() {
        return others;
    }

    /** Whether some entry begins with each of the others. */
    boolean othersAreIn(Set<String> entries) {
        return others.stream().allMatch(word -> entries.stream().anyMatch(entry -> entry.startsWith(word)));
    }
}
