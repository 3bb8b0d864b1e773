package org.contactsync.vcard;

/**
 * Something that a person should know about one contact of the file.
 *
 * @param contact the contact as it is found again in the file, e.g. {@code contact 12 (Ada Lovelace)}
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
