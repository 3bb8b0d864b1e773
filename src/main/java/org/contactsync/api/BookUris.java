package org.contactsync.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;

/** The paths that answers point to. */
public final class BookUris {
    private BookUris() {}

    public static String contacts(Uid after, int limit) {
        return "/v1/book/contacts?limit=" + limit + "&after=" + encode(after.value());
    }

    public static String changes(long since, Optional<Uid> after, int limit) {
        return "/v1/book/changes?since=" + since + "&limit=" + limit
                + after.map(uid -> "&after=" + encode(uid.value())).orElse("");
    }

    /**
     * The next page of a feed that is read from 0.
     *
     * @param start where the feed started when the first page was read
     */
    static String changesFromZero(long since, Uid after, int limit, long start) {
        return changes(since, Optional.of(after), limit) + "&start=" + start;
    }

    /** The same pages of the feed without one device's changes. */
    public static String without(String changes, Optional<DeviceId> device) {
        return changes
                + device.map(id -> "&excludeDevice=" + encode(id.value())).orElse("");
    }

    /** @param hashBytes as the client asked */
    public static String entries(List<String> prefixes, Optional<Integer> hashBytes, Uid after, int limit) {
        return "/v1/book/digests/entries?prefix=" + String.join(",", prefixes)
                + hashBytes.map(bytes -> "&hash=" + bytes).orElse("") + "&limit=" + limit + "&after="
                + encode(after.value());
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
