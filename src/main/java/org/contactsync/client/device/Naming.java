package org.contactsync.client.device;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Sha256;
import org.contactsync.client.merge.ContentKey;
import org.contactsync.contact.Uid;

/** Names of contacts. Those of an address book may be numbers of its own, which another phone uses for other people. */
final class Naming {
    /** UUIDs. Those of version 8 are made from names, which two people may share. */
    private static final Pattern UNIQUE = Pattern.compile(
            "(urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(:.*)?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private Naming() {}

    /**
     * Whether two cards under one name are one contact. A name that is a UUID is nobody else's, unless it is made from a name (version 8); any
     * other needs a likeness.
     */
    static boolean isSame(Uid uid, CanonicalCard one, CanonicalCard other) {
        return UNIQUE.matcher(uid.value()).matches() || ContentKey.isOnePerson(one, other);
    }

    /** A name for the server that nobody has. */
    static Uid made() {
        return new Uid("urn:uuid:" + UUID.randomUUID());
    }

    /** Another name for the address book, where another contact has the server's; the same one each time. */
    static Uid besides(Uid taken) {
        byte[] hash = Sha256.digest(("phone " + taken.value()).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bits = ByteBuffer.wrap(hash);
        long high = (bits.getLong() & ~0xf000L) | 0x8000L; // version 8 of RFC 9562
        long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new Uid("urn:uuid:" + new UUID(high, low));
    }
}
