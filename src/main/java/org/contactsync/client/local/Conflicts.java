package org.contactsync.client.local;

import java.util.ArrayList;
import java.util.List;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** The cards that lost, until a person has looked at them. Thread-safe. */
public final class Conflicts {
    /** The oldest go first, of those that the server has, too, in its history or because they were handed over. */
    private static final int MOST = 1_000;

    private final Sql sql;

    Conflicts(Sql sql) {
        this.sql = sql;
    }

    /** Adds a copy; one that is there already, after an interrupted run, is not added twice. */
    public void add(Uid uid, CanonicalCard card, boolean ofPhone, long atMillis) {
        boolean[] there = {false};
        sql.query(
                "SELECT 1 FROM conflict WHERE uid = ? AND card = ?", row -> there[0] = true, uid.value(), card.utf8());
        if (there[0]) {
            return;
        }
        sql.execute(
                "INSERT INTO conflict (uid, card, of_phone, handed, at) VALUES (?, ?, ?, ?, ?)",
                uid.value(),
                card.utf8(),
                ofPhone ? 1L : 0L,
                ofPhone ? 0L : 1L,
                atMillis);
        sql.execute("DELETE FROM conflict WHERE handed = 1 AND id <= (SELECT MAX(id) FROM conflict) - ?", (long) MOST);
    }

    /** The latest last. */
    public List<ConflictCopy> all() {
        return read("SELECT id, uid, card, of_phone, at FROM conflict ORDER BY id");
    }

    /** Cards that the server never had, and that were not handed over to it yet (protocol 4.3.12). */
    public List<ConflictCopy> notHandedOver() {
        return read("SELECT id, uid, card, of_phone, at FROM conflict WHERE handed = 0 ORDER BY id");
    }

    public void markHandedOver(List<ConflictCopy> copies) {
        copies.forEach(copy -> sql.execute("UPDATE conflict SET handed = 1 WHERE id = ?", copy.id()));
    }

    /** A person has seen it. */
    public void drop(long id) {
        sql.execute("DELETE FROM conflict WHERE id = ?", id);
    }

    private List<ConflictCopy> read(String statement) {
        List<ConflictCopy> copies = new ArrayList<>();
        sql.query(
                statement,
                row -> copies.add(new ConflictCopy(
                        row.number(0),
                        new Uid(row.text(1)),
                        CanonicalCard.ofTrusted(row.bytes(2).orElseThrow()),
                        row.number(3) == 1,
                        row.number(4))));
        return copies;
    }
}
