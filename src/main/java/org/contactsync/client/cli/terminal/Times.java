package org.contactsync.client.cli.terminal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Times as a person at this machine writes and reads them. */
public final class Times {
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Times() {}

    /** In the time zone of this machine, to the second. */
    public static String of(Instant time) {
        return SHOWN.format(time.atZone(ZoneId.systemDefault()));
    }

    /**
     * An RFC 3339 time; a date, with or without a time of day, is one in the time zone of this machine.
     *
     * @throws DateTimeException if it is none of these
     */
    public static Instant parse(String text) {
        String plain = text.strip().replace(' ', 'T');
        try {
            if (plain.length() == "2026-01-01".length()) {
                return LocalDate.parse(plain)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant();
            }
            return OffsetDateTime.parse(plain).toInstant();
        } catch (DateTimeParseException noOffset) {
            return LocalDateTime.parse(plain).atZone(ZoneId.systemDefault()).toInstant();
        }
    }
}
