package org.contactsync.model;

/**
 * What goes wrong on the way while a device does one thing.
 *
 * @param at the request that meets it, from 1
 */
record Fault(Kind kind, int at) {
    static final Fault NONE = new Fault(Kind.NONE, 1);

    enum Kind {
        NONE,
        /** The request does not arrive. */
        REQUEST_LOST,
        /** The service has done it, and the device is not told. */
        ANSWER_LOST,
        /** The request arrives twice; the device gets the second answer. */
        TWICE,
        /** The device is told nothing, and the request arrives when others have done something. */
        LATE,
        /** Before the request another device changes a contact, and before a later one it changes it back. */
        OTHERS_ACT,
        /** This request and all later ones do not arrive. */
        OFFLINE
    }

    /** Whether all requests of the device arrive, and all answers. */
    boolean letsAllThrough() {
        return kind == Kind.NONE || kind == Kind.OTHERS_ACT;
    }

    @Override
    public String toString() {
        return kind == Kind.NONE ? "" : ", " + kind + " at request " + at;
    }
}
