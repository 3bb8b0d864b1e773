package org.contactsync.faults;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes and check codes as protocol 2.3 and 2.5 write them down, with nothing of the service's own code. A book is a map from
 * uid to card, the card in canonical form. One thread at a time.
 */
final class PlainCodes {
    private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

    /** Entries that were computed before; a long run folds the same contacts again and again. */
    private final Map<String, BigInteger> entries = new HashMap<>();

    private final Mac mac;

    PlainCodes(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static PlainCodes ofBase64(String checkKey) {
        return new PlainCodes(Base64.getUrlDecoder().decode(checkKey));
    }

    /** Hexadecimal. */
    String contentHash(String card) {
        return hex(hash(1, utf8(card)));
    }

    BigInteger entry(String uid, String card) {
        return entries.computeIfAbsent(uid + '\n' + card, both -> {
            byte[] name = utf8(uid);
            return new BigInteger(1, hash(2, new byte[] {(byte) name.length}, name, hash(1, utf8(card))));
        });
    }

    /** The first two bytes of the hash of the uid. */
    int position(String uid) {
        return ByteBuffer.wrap(hash(3, utf8(uid))).getShort() & 0xffff;
    }

    BigInteger sum(Map<String, String> book) {
        BigInteger sum = BigInteger.ZERO;
        for (Map.Entry<String, String> contact : book.entrySet()) {
            sum = sum.add(entry(contact.getKey(), contact.getValue()));
        }
        return sum.mod(MODULUS);
    }

    String checkCode(Map<String, String> book) {
        return checkCode(book.size(), sum(book));
    }

    String checkCode(long count, BigInteger sum) {
        byte[] counted = ByteBuffer.allocate(8).putLong(count).array();
        byte[] root = hash(4, new byte[] {0}, counted, bytes(sum));
        return "ck1." + Base64.getUrlEncoder().withoutPadding().encodeToString(root);
    }

    static String hex(BigInteger sum) {
        return hex(bytes(sum));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(BigInteger sum) {
        byte[] bytes = new byte[32];
        byte[] signed = sum.toByteArray();
        int length = Math.min(32, signed.length);
        System.arraycopy(signed, signed.length - length, bytes, 32 - length, length);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] hash(int tag, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return mac.doFinal(all.toByteArray());
    }
}
