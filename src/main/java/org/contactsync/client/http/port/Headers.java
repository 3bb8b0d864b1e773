package org.contactsync.client.http.port;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fields of a request or an answer. Their names are compared without regard to case.
 *
 * @param fields by name, in lower case; the values of a name in their order
 */
public record Headers(Map<String, List<String>> fields) {
    public static final Headers NONE = new Headers(Map.of());

    public Headers {
        Map<String, List<String>> all = new TreeMap<>();
        fields.forEach((name, values) -> all.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                .addAll(values));
        all.replaceAll((name, values) -> List.copyOf(values));
        fields = Map.copyOf(all);
    }

    /** The values of a field, in their order; empty without the field. */
    public List<String> allValues(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    public Optional<String> firstValue(String name) {
        return allValues(name).stream().findFirst();
    }

    /** How long the body is, in bytes; empty if the field is missing or no number. */
    public Optional<Long> contentLength() {
        return firstValue("Content-Length")
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::parseLong);
    }
}
