package org.contactsync.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
