package org.contactsync.contact;

import java.util.Optional;

/**
 * The rules of a valid contact (protocol 2.1, 2.2). Each method answers the first rule broken, or empty.
 *
 * <p>The profile is what every platform's JSON can carry without loss, so that server, Java and JavaScript agree on the
 * canonical bytes.
 */
public final class CardProfile {
    /** Containers within containers, the card itself being the first: JSContact needs five, bombs need many. */
    public static final int MAX_DEPTH = 8;

    /** Canonical bytes of a card: a thumbnail photo fits, a camera picture does not. */
    public static final int MAX_CARD_BYTES = 256 * 1024;

    /** 2^53 - 1, the largest integer that an IEEE 754 double holds exactly (RFC 8785, RFC 7493). */
    public static final long MAX_INTEGER = (1L << 53) - 1;

    private CardProfile() {}

    /** The rule that {@code value} breaks as the uid of a contact. */
    public static Optional<Flaw> uidFlaw(String value) {
        if (value.isEmpty()) {
            return flaw("uid-length", "a uid has at least 1 byte");
        }
        if (value.length() > Uid.MAX_BYTES || utf8Length(value) > Uid.MAX_BYTES) {
            return flaw("uid-length", "a uid has at most " + Uid.MAX_BYTES + " bytes of UTF-8");
        }
        if (value.chars().anyMatch(c -> c < 0x20)) {
            return flaw("control-character", "a uid holds no control characters");
        }
        return textFlaw(value);
    }

    /** The rule that {@code value} breaks as a string of a card. */
    public static Optional<Flaw> textFlaw(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' && c != '\n') {
                return flaw("control-character", "only TAB and LF are allowed of the characters below U+0020");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    return flaw("lone-surrogate", "the text is not well-formed Unicode: a surrogate stands alone");
                }
                i++;
            }
        }
        return Optional.empty();
    }

    /** The rule that {@code key} breaks as the name of a member. */
    public static Optional<Flaw> keyFlaw(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return flaw("key-not-ascii", "member names are printable ASCII");
            }
        }
        return Optional.empty();
    }

    /** The rule that {@code value} breaks as a number of a card. */
    public static Optional<Flaw> integerFlaw(long value) {
        return value > MAX_INTEGER || value < -MAX_INTEGER ? Optional.of(integerTooLarge()) : Optional.empty();
    }

    public static Flaw integerTooLarge() {
        return new Flaw("integer-too-large", "integers are at most 2^53 - 1 away from zero");
    }

    public static Flaw notAnInteger() {
        return new Flaw("not-an-integer", "numbers are integers written without fraction, exponent or minus zero");
    }

    public static Flaw nullValue() {
        return new Flaw("null-value", "a card holds no null; leave the member out");
    }

    public static Flaw duplicateKey() {
        return new Flaw("duplicate-key", "a member name stands twice in the same object");
    }

    public static Flaw tooDeep() {
        return new Flaw("too-deep", "objects and arrays are nested at most " + MAX_DEPTH + " deep");
    }

    public static Flaw uidInCard() {
        return new Flaw("uid-in-card", "the uid stands beside the card, not in it");
    }

    /** @param leastBytes what its canonical form needs at least; it was not kept to be measured */
    public static Flaw muchTooLarge(long leastBytes) {
        return new Flaw(
                "contact-too-large",
                "a card has at most " + MAX_CARD_BYTES + " canonical bytes, this one at least " + leastBytes);
    }

    public static Flaw tooLarge(long canonicalBytes) {
        return new Flaw(
                "contact-too-large",
                "a card has at most " + MAX_CARD_BYTES + " canonical bytes, this one " + canonicalBytes);
    }

    /** Throws the flaw as the message of an {@link IllegalArgumentException}. */
    static void refuse(Flaw flaw) {
        throw new IllegalArgumentException(flaw.code() + ": " + flaw.detail());
    }

    private static int utf8Length(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // A surrogate is half of a four-byte character.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static Optional<Flaw> flaw(String code, String detail) {
        return Optional.of(new Flaw(code, detail));
    }
}
