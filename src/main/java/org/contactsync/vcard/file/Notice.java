package org.contactsync.vcard.file;

/**
 * Something that the user should know about one contact in the file.
 *
 * @param contact how to find the contact in the file, e.g. {@code contact 12 (Ada Lovelace)}
 * @param what what happened to it, in plain words
 * @param next what the person can do
 */
public record Notice(String contact, String what, String next) {
    /** One line of text. */
    @Override
    public String toString() {
        return contact + ": " + what + "; " + next;
    }
}
