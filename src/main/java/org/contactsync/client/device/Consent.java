package org.contactsync.client.device;

/** What a person has agreed to for one task. */
enum Consent {
    NOTHING(""),
    /** Most of a book may be deleted. */
    DELETES("confirm-deletes"),
    /** A book that was erased, or that the server has lost, is filled again (protocol 4.23.4). */
    BEGIN_ANEW("begin-anew");

    private final String options;

    Consent(String options) {
        this.options = options;
    }

    /** As it is written in the queue. */
    String options() {
        return options;
    }

    static Consent of(String options) {
        for (Consent each : values()) {
            if (each.options.equals(options)) {
                return each;
            }
        }
        return NOTHING;
    }
}
