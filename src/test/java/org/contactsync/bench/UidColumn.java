package org.contactsync.bench;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import org.contactsync.contact.Uid;

/** Uids as the table of contacts has them: as text or as their bytes. */
enum UidColumn {
    TEXT,
    BYTES;

    static UidColumn of(DurablePostgres postgres) {
        return postgres.text("select data_type from information_schema.columns"
                                + " where table_schema = 'public' and table_name = 'contact' and column_name = 'uid'")
                        .equals("bytea")
                ? BYTES
                : TEXT;
    }

    void bind(PreparedStatement statement, int index, Uid uid) throws SQLException {
        if (this == BYTES) {
            statement.setBytes(index, uid.utf8());
        } else {
            statement.setString(index, uid.value());
        }
    }

    /** As {@code COPY} reads it; made uids have no character that it would take for its own. */
    String copied(Uid uid) {
        return this == BYTES ? "\\\\x" + HexFormat.of().formatHex(uid.utf8()) : uid.value();
    }
}
