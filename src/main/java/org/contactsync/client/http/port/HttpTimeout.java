package org.contactsync.client.http.port;

import java.io.IOException;
import java.time.Duration;

/** Something took too long. The message is a part of a sentence for a person, without a full stop: {@code no answer within 90 s}. */
public final class HttpTimeout extends IOException {
    private static final long serialVersionUID = 1;

    public HttpTimeout(String message) {
        super(message);
    }

    private HttpTimeout(String message, Throwable cause) {
        super(message, cause);
    }

    /** There was no connection in the time that an implementation waits for one. */
    public static HttpTimeout ofConnection(Duration most, Throwable cause) {
        return new HttpTimeout("no connection within " + most.toSeconds() + " s", cause);
    }

    /** The answer did not begin in the time that the request says. */
    public static HttpTimeout ofAnswer(Duration most, Throwable cause) {
        return new HttpTimeout("no answer within " + most.toSeconds() + " s", cause);
    }
}
