package org.contactsync.settings;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key for HMAC-SHA256 that is never shown. Immutable. */
public final class SecretKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private SecretKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** @throws IllegalArgumentException unless it is base64 of so many bytes; the message does not contain it */
    public static SecretKey ofBase64(String text, int least, int most) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Its own message has a character of the secret.
            bytes = new byte[0];
        }
        if (bytes.length < least || bytes.length > most) {
            throw new IllegalArgumentException("base64 of " + least + " to " + most + " bytes");
        }
        return new SecretKey(bytes);
    }

    public byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SecretKey[secret]";
    }
}
