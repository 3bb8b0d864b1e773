package org.contactsync.client.http.port;

import java.io.IOException;

/** Something took too long. The message is a part of a sentence for a person, without a full stop: {@code no answer within 90 s}. */
public final class HttpTimeout extends IOException {
    private static final long serialVersionUID = 1;

    public HttpTimeout(String message) {
        super(message);
    }
}
