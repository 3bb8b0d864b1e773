package org.contactsync.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;

/** The paths that answers point to. */
final class BookUris {
    private BookUris() {}

    static String contacts(Uid after, int limit) {
        return "/v1/book/contacts?limit=" + limit + "&after=" + encode(after.value());
    }

    static String changes(long since, Optional<Uid> after, int limit) {
        return "/v1/book/changes?since=" + since + "&limit=" + limit
                + after.map(uid -> "&after=" + encode(uid.value())).orElse("");
    }

    /**
     * A reading of the feed from 0 that goes on.
     *
     * @param start where the feed began when the reading did
     */
    static String changesFromZero(long since, Uid after, int limit, long start) {
        return changes(since, Optional.of(after), limit) + "&start=" + start;
    }

    static String entries(List<String> prefixes, Uid after, int limit) {
        return "/v1/book/digests/entries?prefix=" + String.join(",", prefixes) + "&limit=" + limit + "&after="
                + encode(after.value());
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
