package org.contactsync.events;

import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.json.AnswerJson;

/** Events as text ({@code text/event-stream} of the HTML standard). */
public final class EventText {
    /** Says nothing, to the client or to any proxy on the way. */
    static final String HEARTBEAT = ":\n\n";

    private EventText() {}

    public static String of(BookNews news) {
        return "id: " + news.seq() + "\nevent: book\ndata: " + AnswerJson.of(news) + "\n\n";
    }

    /** What a stream begins with: when to connect again once it has ended. */
    public static String beginning(long retryMillis) {
        return "retry: " + retryMillis + "\n\n";
    }
}
