package org.contactsync.checkcode;

import java.util.regex.Pattern;

/**
 * The check code of a book: equal codes mean equal books.
 *
 * @param value {@code ck1.} and 43 characters of base64url, 47 in all
 */
public record CheckCode(String value) {
    /** The 43rd character carries only four bits of the hash: its last two bits are zero. */
    private static final Pattern FORM = Pattern.compile("ck1\\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");

    /** @throws IllegalArgumentException unless {@code value} has the form of a {@code ck1} code */
    public CheckCode {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("check code: ck1. and 43 characters of base64url");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
