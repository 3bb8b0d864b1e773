package org.contactsync.lookup;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.protocol.lookup.Mark;

/** What a screen shows of a card: a name, marks and labels. */
final class ScreenName {
    /** Code points of a name. */
    static final int LONGEST_NAME = 100;

    /** Code points of a label. */
    static final int LONGEST_LABEL = 40;

    /** Characters that are looked at. */
    private static final int LONGEST_TEXT = 1_000;

    private ScreenName() {}

    /** The first that the card has: whole name, components of the name, nickname, organisation; otherwise empty. */
    static String of(Members card) {
        return Stream.of(
                        card.object("name").text("full"),
                        components(card.object("name")),
                        first(card.objects("nicknames"), "name"),
                        first(card.objects("organizations"), "name"))
                .map(text -> line(text, LONGEST_NAME))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String components(Members name) {
        return name.list("components").stream()
                .filter(component -> !component.text("kind").equals("separator"))
                .map(component -> component.text("value"))
                .collect(Collectors.joining(" "));
    }

    private static String first(List<Members> objects, String member) {
        return objects.stream()
                .map(each -> each.text(member))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    static Set<Mark> marks(Members card) {
        Set<Mark> marks = EnumSet.noneOf(Mark.class);
        card.flags("keywords").forEach(keyword -> Mark.ofKeyword(keyword).ifPresent(marks::add));
        return marks;
    }

    /** The label that the person wrote, else the words of {@code contexts} and {@code features}. */
    static String label(Members entry) {
        String own = line(entry.text("label"), LONGEST_LABEL);
        return own.isEmpty()
                ? line(
                        Stream.concat(entry.flags("contexts").stream(), entry.flags("features").stream())
                                .filter(word -> !word.equals("voice"))
                                .collect(Collectors.joining(" ")),
                        LONGEST_LABEL)
                : own;
    }

    /** One line of at most so many code points. */
    private static String line(String text, int most) {
        int end = Math.min(text.length(), LONGEST_TEXT);
        boolean between = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        String line = text.substring(0, between ? end - 1 : end)
                .replaceAll("\\s+", " ")
                .strip();
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most));
    }
}
