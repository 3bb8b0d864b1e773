package org.contactsync.client.cli.terminal;

/** Numbers with what they count. */
public final class Counted {
    private Counted() {}

    /** {@code 1 contact}, {@code 2 contacts}. */
    public static String contacts(long count) {
        return count + (count == 1 ? " contact" : " contacts");
    }
}
