package org.contactsync.protocol.lookup;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a user has marked a contact as: a keyword of its card (protocol 4.20.6). */
public enum Mark {
    BLOCK(1, "block"),
    FAVOURITE(2, "favourite", "favorite");

    /** Stored: never changed. */
    private final int bit;

    private final List<String> keywords;

    Mark(int bit, String... keywords) {
        this.bit = bit;
        this.keywords = List.of(keywords);
    }

    /** The mark that a keyword stands for; its case does not matter. */
    public static Optional<Mark> ofKeyword(String keyword) {
        String lower = keyword.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(mark -> mark.keywords.contains(lower))
                .findFirst();
    }

    /** As it is written in answers. */
    public String wireName() {
        return keywords.get(0);
    }

    /** Marks as one number, each a bit. */
    public static int bits(Set<Mark> marks) {
        return marks.stream().mapToInt(mark -> mark.bit).sum();
    }

    /** The marks of such a number; bits that this version does not know are left out. */
    public static Set<Mark> of(int bits) {
        Set<Mark> marks = EnumSet.noneOf(Mark.class);
        for (Mark mark : values()) {
            if ((bits & mark.bit) != 0) {
                marks.add(mark);
            }
        }
        return marks;
    }
}
