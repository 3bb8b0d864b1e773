package org.contactsync.client.local;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.contact.Uid;

/**
 * A contact as a row. Usually all four cards are the same: then one is stored. {@code same} has a bit for each of the others that equals the
 * card.
 */
final class ContactRow {
    static final String COLUMNS = "uid, IFNULL(phone, ''), card, written, seen, server, server_hash, same, held";

    /** No REPLACE: it would take away another contact of the same name on the phone. */
    static final String INSERT =
            "INSERT INTO contact (uid, phone, card, written, seen, server, server_hash, same, held, tag, seen_tag, up, down)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET phone = excluded.phone,"
                    + " card = excluded.card, written = excluded.written, seen = excluded.seen, server = excluded.server,"
                    + " server_hash = excluded.server_hash, same = excluded.same, held = excluded.held, tag = excluded.tag,"
                    + " seen_tag = excluded.seen_tag, up = excluded.up, down = excluded.down";

    private static final int WRITTEN = 1;
    private static final int SEEN = 2;
    private static final int SERVER = 4;

    private ContactRow() {}

    static LocalContact read(Sql.Row row) {
        Optional<CanonicalCard> card = row.bytes(2).map(CanonicalCard::ofTrusted);
        long same = row.number(7);
        Optional<CanonicalCard> server = card(row.bytes(5), same, SERVER, card);
        Optional<ContentHash> hash = row.bytes(6).map(ContentHash::of);
        return new LocalContact(
                new Uid(row.text(0)),
                Optional.of(row.text(1)).filter(name -> !name.isEmpty()).map(Uid::new),
                card,
                card(row.bytes(3), same, WRITTEN, card),
                card(row.bytes(4), same, SEEN, card),
                server.map(given -> new OnServer(given, hash.orElseThrow())),
                row.number(8) == 1);
    }

    private static Optional<CanonicalCard> card(
            Optional<byte[]> own, long same, int bit, Optional<CanonicalCard> card) {
        return (same & bit) != 0 ? card : own.map(CanonicalCard::ofTrusted);
    }

    static Object[] values(LocalContact contact) {
        Optional<CanonicalCard> card = contact.card();
        Optional<CanonicalCard> server = contact.server().map(OnServer::card);
        long same = bit(contact.written(), card, WRITTEN) | bit(contact.seen(), card, SEEN) | bit(server, card, SERVER);
        return new Object[] {
            contact.uid().value(),
            contact.phoneUid().map(Uid::value),
            bytes(card),
            own(contact.written(), card),
            own(contact.seen(), card),
            own(server, card),
            contact.serverHash().map(ContentHash::bytes),
            same,
            contact.held() ? 1L : 0L,
            card.map(ContactRow::tag),
            contact.seen().map(ContactRow::tag),
            contact.isUp() ? 1L : 0L,
            contact.isDown() ? 1L : 0L
        };
    }

    static byte[] tag(CanonicalCard card) {
        return Tag.of(card).bytes();
    }

    private static long bit(Optional<CanonicalCard> one, Optional<CanonicalCard> card, int bit) {
        return one.isPresent() && one.equals(card) ? bit : 0;
    }

    private static Optional<byte[]> own(Optional<CanonicalCard> one, Optional<CanonicalCard> card) {
        return one.equals(card) ? Optional.empty() : bytes(one);
    }

    private static Optional<byte[]> bytes(Optional<CanonicalCard> card) {
        return card.map(CanonicalCard::utf8);
    }
}
