package org.contactsync.checkcode;

/**
 * The check code of a book: equal codes mean equal books.
 *
 * @param value {@code ck1.} and 43 characters of base64url, 47 in all
 */
public record CheckCode(String value) {
    private static final String PREFIX = "ck1.";
    private static final int LENGTH = PREFIX.length() + 43;

    /** The last character carries only four bits of the hash: its last two bits are zero. */
    private static final String LAST = "AEIMQUYcgkosw048";

    /** @throws IllegalArgumentException unless {@code value} has the form of a {@code ck1} code */
    public CheckCode {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("check code: ck1. and 43 characters of base64url");
        }
    }

    /** Without a regular expression: each request makes some ten check codes. */
    private static boolean isWellFormed(String value) {
        if (value.length() != LENGTH || !value.startsWith(PREFIX) || LAST.indexOf(value.charAt(LENGTH - 1)) < 0) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH - 1; i++) {
            char c = value.charAt(i);
            boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
