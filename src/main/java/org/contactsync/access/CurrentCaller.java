package org.contactsync.access;

import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;

/** The sender of the current request; set before any resource below {@code /v1} runs. One thread at a time. */
@RequestScoped
public class CurrentCaller {
    private Optional<Caller> caller = Optional.empty();

    /** Whether this request needed a token, and had one. */
    public boolean isKnown() {
        return caller.isPresent();
    }

    /**
     * The caller of this request.
     *
     * @throws IllegalStateException outside {@code /v1}
     */
    public Caller get() {
        return caller.orElseThrow(() -> new IllegalStateException("this request has no caller"));
    }

    void set(Caller verified) {
        caller = Optional.of(verified);
    }
}
