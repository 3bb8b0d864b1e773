package org.contactsync.api.lookup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.lookup.AskedNumber;
import org.contactsync.lookup.NameQuery;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of look-ups (protocol 4.20); no problem repeats a value. */
final class LookupQuery {
    private static final int MOST_NUMBERS = 50;
    private static final int LONGEST_NUMBER = 256;
    private static final int LONGEST_NAME = 100;

    private LookupQuery() {}

    /**
     * The numbers of a request.
     *
     * @param region of the request, checked
     */
    static List<AskedNumber> numbers(List<String> phones, Optional<String> region) {
        if (phones.isEmpty() || phones.size() > MOST_NUMBERS) {
            throw refused("phone must occur 1 to " + MOST_NUMBERS + " times");
        }
        return phones.stream().map(phone -> number(phone, region)).toList();
    }

    private static AskedNumber number(String phone, Optional<String> region) {
        if (phone.isBlank() || phone.length() > LONGEST_NUMBER || !isPlain(phone)) {
            throw refused("phone must have 1 to " + LONGEST_NUMBER
                    + " characters, without control characters; + is written %2B");
        }
        return AskedNumber.of(phone, region);
    }

    static Optional<String> region(@Nullable String region) {
        if (region == null) {
            return Optional.empty();
        }
        String code = region.toUpperCase(Locale.ROOT);
        if (!code.matches("[A-Z]{2}") || !List.of(Locale.getISOCountries()).contains(code)) {
            throw refused("region must be the two letters of a country, such as DE (ISO 3166-1)");
        }
        return Optional.of(code);
    }

    static NameQuery name(String text) {
        if (text.length() <= LONGEST_NAME && isPlain(text)) {
            Optional<NameQuery> query = NameQuery.of(text);
            if (query.isPresent()) {
                return query.get();
            }
        }
        throw refused("q must have 1 to " + LONGEST_NAME + " characters, at least one of them a letter or a digit");
    }

    /** Refuses parameters of another use of the same resource. */
    static void refuseWith(String name, @Nullable Object... others) {
        for (@Nullable Object other : others) {
            if (other != null) {
                throw refused(name + " cannot be combined with the other parameters of this request");
            }
        }
    }

    private static boolean isPlain(String text) {
        return text.codePoints()
                .noneMatch(
                        c -> Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static ProblemException refused(String detail) {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, detail);
    }
}
