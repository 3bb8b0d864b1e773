package org.contactsync.vcard.value;

import ezvcard.property.VCardProperty;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The parameter SORT-AS of N and ORG: one text for each component, between commas (RFC 6350 §5.9). */
public final class SortKeys {
    private static final String PARAMETER = "SORT-AS";

    private SortKeys() {}

    /** By component, empty where there is none; no texts when the property has no such parameter. */
    public static List<String> of(VCardProperty property) {
        return property.getParameters(PARAMETER).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .toList();
    }

    /** Whether the texts can be told apart when they are written. */
    public static boolean areWritable(List<String> texts) {
        return texts.stream().noneMatch(text -> text.contains(","))
                && texts.stream().anyMatch(text -> !text.isEmpty());
    }

    /** @param texts that {@link #areWritable} */
    public static void write(VCardProperty property, List<String> texts) {
        int end = texts.size();
        while (texts.get(end - 1).isEmpty()) {
            end--;
        }
        property.setParameter(PARAMETER, texts.subList(0, end).stream().collect(Collectors.joining(",")));
    }
}
