package org.contactsync.store.sql;

import static org.contactsync.store.sql.RowArrays.Type.BIGINT;
import static org.contactsync.store.sql.RowArrays.Type.BYTES;
import static org.contactsync.store.sql.RowArrays.Type.INTEGER;
import static org.contactsync.store.sql.RowArrays.Type.TEXT;

import java.util.List;
import org.contactsync.store.sql.RowArrays.Column;

/** The statements for the contacts of a chunk, which PostgreSQL takes as arrays: each is the same for any number of them. */
public final class StagingSql {
    /** A contact; the names are those of {@link GroupSql#CONTACT}. */
    public static final List<Column> CONTACT = List.of(
            new Column("uid", BYTES),
            new Column("card", BYTES),
            new Column("contentHash", BYTES),
            new Column("position", INTEGER),
            new Column("entry", BYTES),
            new Column("contactSeq", BIGINT),
            new Column("contactDevice", TEXT));

    /** Adds contacts that have no row. Book and generation come first, then the rows. */
    public static final String INSERT = """
            insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq, device)
            select cast(? as bigint), cast(? as bigint), c.uid, c.card, c.contentHash, c.position, c.entry, c.contactSeq,
                c.contactDevice
            from {contacts}
            """.replace("{contacts}", RowArrays.table("c", CONTACT));

    private StagingSql() {}
}
