package org.contactsync.vcard.file;

/**
 * Something that the user should know about one contact in the file.
 *
 * @param kind what happened, for programs
 * @param contact how to find the contact in the file, e.g. {@code contact 12 (Ada Lovelace)}
 * @param what what happened to it, in plain words
 * @param next what the person can do
 */
public record Notice(Kind kind, String contact, String what, String next) {
    /** What happened to a contact. */
    public enum Kind {
        /** It was left out. */
        TOO_LARGE("contact-too-large"),
        WITHOUT_MEDIA("without-media"),
        SAME_TWICE("same-twice"),
        UID_TAKEN("uid-taken"),
        LINE_LEFT_OUT("line-left-out"),
        CHARSET_GUESSED("charset-guessed"),
        TEXT_DAMAGED("text-damaged");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** One line of text. */
    @Override
    public String toString() {
        return contact + ": " + what + "; " + next;
    }
}
