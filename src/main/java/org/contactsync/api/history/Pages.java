package org.contactsync.api.history;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.QueryValues;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** What the pages of versions have in common. */
final class Pages {
    static final int DEFAULT_PAGE = 50;
    static final int MOST_PAGE = 200;

    private static final long LARGEST_SEQ = Long.MAX_VALUE / 10;

    /** Bytes of a version as JSON, without its card. */
    private static final int AROUND = 400;

    private Pages() {}

    /** A sequence number that a page ends below; without it, it starts at the end. */
    static long before(@Nullable String value) {
        return value == null ? Long.MAX_VALUE : QueryValues.number("before", value, 0, LARGEST_SEQ);
    }

    static long until(String value) {
        return QueryValues.number("until", value, 0, LARGEST_SEQ);
    }

    /** @param name of the list of versions */
    static Response of(
            HttpHeaders headers, String name, List<PastVersion> versions, Optional<String> next, Reading<?> reading) {
        int bytes = versions.stream()
                .mapToInt(version -> AROUND + version.content().card().length())
                .sum();
        return BodyBytes.json(headers, bytes, json -> {
                    HistoryJson.versions(json, name, versions, reading.checkCode(), next);
                })
                .build();
    }
}
