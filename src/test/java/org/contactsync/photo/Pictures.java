package org.contactsync.photo;

import java.util.Random;
import org.contactsync.checkcode.Sha256;

/** Bytes that are taken for pictures. */
public final class Pictures {
    private static final byte[] START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0};

    private Pictures() {}

    /** A JPEG by its first bytes; the others are random, the same for the same seed. */
    public static byte[] jpeg(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        System.arraycopy(START, 0, bytes, 0, START.length);
        return bytes;
    }

    public static PhotoDigest digest(byte[] bytes) {
        return PhotoDigest.of(Sha256.digest(bytes));
    }

    /** The path of a photo. */
    public static String path(byte[] bytes) {
        return "/v1/blobs/sha-256/" + digest(bytes).hex();
    }

    /** A card with a photo, in canonical form. */
    public static String card(String name, PhotoDigest photo) {
        return "{\"@type\":\"Card\",\"media\":{\"p\":{\"kind\":\"photo\",\"mediaType\":\"image/jpeg\",\"uri\":\""
                + photo.uri() + "\"}},\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
    }
}
