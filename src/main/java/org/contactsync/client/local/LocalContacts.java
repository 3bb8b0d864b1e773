package org.contactsync.client.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/** The contacts of the local database. Thread-safe; what reads all of them says so. */
public final class LocalContacts {
    private final Sql sql;

    LocalContacts(Sql sql) {
        this.sql = sql;
    }

    public LocalContact get(Uid uid) {
        return find("uid = ?", uid.value()).orElseGet(() -> LocalContact.none(uid));
    }

    public Optional<LocalContact> onPhone(Uid phoneUid) {
        return find("phone = ?", phoneUid.value());
    }

    /** The contact with this content that the phone has yet to get as a new one; empty when there is none, or more than one. */
    public Optional<LocalContact> newOnPhone(CanonicalCard card) {
        List<LocalContact> found = read("tag = ? AND down = 1 AND phone IS NULL LIMIT 2", ContactRow.tag(card));
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Contacts that the server has yet to get. */
    public List<LocalContact> up(boolean alsoHeld) {
        return alsoHeld ? read("up = 1 ORDER BY uid") : read("up = 1 AND held = 0 ORDER BY uid");
    }

    /** Contacts that the phone has yet to get, after one of them in the order of their uids; removals too. */
    public List<LocalContact> down(String after, int most) {
        return read("down = 1 AND uid > ? ORDER BY uid LIMIT ?", after, (long) most);
    }

    /** All contacts that are to be, in the order of their uids. */
    public List<LocalContact> all() {
        return read("card IS NOT NULL ORDER BY uid");
    }

    /** Contacts of which the server knows nothing. */
    public List<LocalContact> unknownToServer() {
        return read("up = 1 AND server_hash IS NULL AND card IS NOT NULL ORDER BY uid");
    }

    /** How many contacts the phone was last seen to have. */
    public long countOnPhone() {
        return count("phone IS NOT NULL");
    }

    /** How many of them are to be deleted there. */
    public long countPhoneDeletes() {
        return count("phone IS NOT NULL AND down = 1 AND card IS NULL");
    }

    /** How many the server is to delete. */
    public long countServerDeletes() {
        return count("up = 1 AND card IS NULL");
    }

    public long countUp() {
        return count("up = 1");
    }

    public long countDown() {
        return count("down = 1");
    }

    /** Of all contacts of the phone: a short digest of what it was last seen to show. */
    public Map<Uid, Tag> onPhone() {
        Map<Uid, Tag> tags = new HashMap<>();
        sql.query(
                "SELECT phone, seen_tag FROM contact WHERE phone IS NOT NULL",
                row -> tags.put(new Uid(row.text(0)), new Tag(row.bytes(1).orElseThrow())));
        return tags;
    }

    /** Of all contacts: what the server has. */
    public Map<Uid, ContentHash> onServer() {
        Map<Uid, ContentHash> hashes = new HashMap<>();
        sql.query(
                "SELECT uid, server_hash FROM contact WHERE server_hash IS NOT NULL",
                row -> hashes.put(
                        new Uid(row.text(0)), ContentHash.of(row.bytes(1).orElseThrow())));
        return hashes;
    }

    /** Gives the card of each contact that is to be to {@code use}, one by one. */
    public void eachCard(Consumer<LocalContact> use) {
        sql.query(
                "SELECT " + ContactRow.COLUMNS + " FROM contact WHERE card IS NOT NULL",
                row -> use.accept(ContactRow.read(row)));
    }

    /** Writes a contact; one of which nothing is left is removed. */
    public void put(LocalContact contact) {
        if (contact.isNothing()) {
            sql.execute("DELETE FROM contact WHERE uid = ?", contact.uid().value());
        } else {
            sql.execute(ContactRow.INSERT, ContactRow.values(contact));
        }
    }

    /** Writes a contact under another uid; nothing is there under that one. */
    public void rename(LocalContact contact, Uid uid) {
        sql.execute("DELETE FROM contact WHERE uid = ?", contact.uid().value());
        put(contact.named(uid));
    }

    private Optional<LocalContact> find(String where, Object value) {
        return read(where, value).stream().findFirst();
    }

    private List<LocalContact> read(String where, Object... values) {
        List<LocalContact> contacts = new ArrayList<>();
        sql.query(
                "SELECT " + ContactRow.COLUMNS + " FROM contact WHERE " + where,
                row -> contacts.add(ContactRow.read(row)),
                values);
        return contacts;
    }

    private long count(String where) {
        long[] count = {0};
        sql.query("SELECT COUNT(*) FROM contact WHERE " + where, row -> count[0] = row.number(0));
        return count[0];
    }
}
