package org.contactsync.sync;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;

/** The check code as protocol 2.3 and 2.5 write it down, over a whole book and with nothing of the service's arithmetic. */
final class PlainCheckCodes {
    private PlainCheckCodes() {}

    static CheckCode of(CheckKey key, Map<Uid, CanonicalCard> book) {
        BigInteger sum = BigInteger.ZERO;
        for (Map.Entry<Uid, CanonicalCard> contact : book.entrySet()) {
            byte[] uid = contact.getKey().value().getBytes(StandardCharsets.UTF_8);
            byte[] contentHash = hash(key, 1, contact.getValue().utf8());
            byte[] entry = hash(key, 2, new byte[] {(byte) uid.length}, uid, contentHash);
            sum = sum.add(new BigInteger(1, entry));
        }
        byte[] count = ByteBuffer.allocate(8).putLong(book.size()).array();
        byte[] root = hash(key, 4, new byte[] {0}, count, bytes(sum.mod(BigInteger.TWO.pow(256))));
        return new CheckCode("ck1." + Base64.getUrlEncoder().withoutPadding().encodeToString(root));
    }

    static String contentHash(CheckKey key, CanonicalCard card) {
        return HexFormat.of().formatHex(hash(key, 1, card.utf8()));
    }

    private static byte[] bytes(BigInteger sum) {
        byte[] signed = sum.toByteArray();
        byte[] bytes = new byte[32];
        int length = Math.min(32, signed.length);
        System.arraycopy(signed, signed.length - length, bytes, 32 - length, length);
        return bytes;
    }

    private static byte[] hash(CheckKey key, int tag, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(tag);
            Arrays.stream(parts).forEach(all::writeBytes);
            return mac.doFinal(all.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
