package org.contactsync.checkcode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.contactsync.contact.Uid;

/**
 * Makes hashes, positions, nodes and check codes of one book (protocol §2). For one thread at a time: it holds a
 * {@link Mac} ready with the book's key.
 */
public final class CheckCodes {
    private static final byte CONTENT = 1;
    private static final byte ENTRY = 2;
    private static final byte POSITION = 3;
    private static final byte NODE = 4;
    private static final int NODE_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    public CheckCodes(CheckKey key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.bytes(), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    public ContentHash contentHash(CanonicalCard card) {
        mac.update(CONTENT);
        return ContentHash.of(mac.doFinal(card.utf8()));
    }

    /** The summand of one contact in its book's digest. */
    public EntrySum entry(Uid uid, ContentHash hash) {
        byte[] name = uid.utf8();
        mac.update(ENTRY);
        mac.update((byte) name.length);
        mac.update(name);
        return EntrySum.of(mac.doFinal(hash.bytes()));
    }

    public Position position(Uid uid) {
        mac.update(POSITION);
        byte[] hash = mac.doFinal(uid.utf8());
        return new Position((hash[0] & 0xff) << 8 | hash[1] & 0xff);
    }

    /**
     * A node of the digest tree, 16 bytes.
     *
     * @param prefix 0 to 4 lower-case hex digits
     * @param digest of the contacts whose position starts with {@code prefix}
     * @throws IllegalArgumentException when the tree has no such prefix
     */
    public byte[] node(String prefix, BookDigest digest) {
        Position.requirePrefix(prefix);
        return Arrays.copyOf(fullNode(prefix, digest), NODE_BYTES);
    }

    public CheckCode checkCode(BookDigest digest) {
        byte[] root = fullNode("", digest);
        return new CheckCode("ck1." + Base64.getUrlEncoder().withoutPadding().encodeToString(root));
    }

    private byte[] fullNode(String prefix, BookDigest digest) {
        byte[] name = prefix.getBytes(StandardCharsets.US_ASCII);
        mac.update(NODE);
        mac.update((byte) name.length);
        mac.update(name);
        mac.update(ByteBuffer.allocate(Long.BYTES).putLong(digest.count()).array());
        return mac.doFinal(digest.sum().bytes());
    }
}
