package org.contactsync.client.cli.past;

import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;

/** The name of a contact as an argument. */
final class UidArgument {
    private UidArgument() {}

    static Uid of(String text) throws Complaint {
        try {
            return new Uid(text);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, "This is no UID: " + text + ".");
        }
    }
}
