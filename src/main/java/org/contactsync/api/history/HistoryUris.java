package org.contactsync.api.history;

import org.contactsync.contact.Uid;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.sync.history.BookHistory.Place;

/** The paths of further pages of a book's history. */
public final class HistoryUris {
    private HistoryUris() {}

    public static String changes(long before, int limit) {
        return "/v1/book/history?limit=" + limit + "&before=" + before;
    }

    public static String versions(Uid uid, long before, int limit) {
        return ResourcePath.versions(uid) + "?limit=" + limit + "&before=" + before;
    }

    public static String trash(Place place, int limit) {
        return "/v1/book/trash?limit=" + limit + "&until=" + place.until()
                + place.below()
                        .map(uid -> "&below=" + ResourcePath.encoded(uid))
                        .orElse("");
    }
}
