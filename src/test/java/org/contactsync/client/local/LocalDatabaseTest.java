package org.contactsync.client.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDatabaseTest {
    private static final CheckCodes CODES = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));

    @TempDir
    Path files;

    @Test
    void aContactComesBackAsItWas() throws Exception {
        CanonicalCard card = MadeBooks.contacts(1, 2).get(0).card();
        CanonicalCard other = MadeBooks.contacts(1, 2).get(1).card();
        Uid uid = new Uid("ada");
        LocalContact contact = LocalContact.none(uid)
                .withCard(Optional.of(card))
                .withServer(Optional.of(new OnServer(other, CODES.contentHash(other))))
                .withPhone(Optional.of(new Uid("native")), Optional.of(card), Optional.of(other));
        try (LocalDatabase database = open()) {
            database.contacts().put(contact);
            assertThat(database.contacts().get(uid)).isEqualTo(contact);
        }
        try (LocalDatabase database = open()) {
            LocalContacts contacts = database.contacts();
            assertThat(contacts.get(uid)).isEqualTo(contact);
            assertThat(contacts.onPhone(new Uid("native"))).contains(contact);
            assertThat(contacts.up(false)).containsExactly(contact);
            assertThat(contacts.countDown()).isZero();
            contacts.put(LocalContact.none(uid));
            assertThat(contacts.get(uid)).isEqualTo(LocalContact.none(uid));
        }
    }

    @Test
    void theOldestConflictCopiesGoUnlessTheServerHasYetToGetThem() throws Exception {
        CanonicalCard card = MadeBooks.contacts(1, 1).get(0).card();
        try (LocalDatabase database = open()) {
            database.sql().inTransaction(() -> {
                database.conflicts().add(new Uid("own"), card, true, 0);
                for (int i = 0; i < 1_001; i++) {
                    database.conflicts().add(new Uid("server-" + i), card, false, 0);
                }
                return 0;
            });

            assertThat(database.conflicts().all())
                    .hasSize(1_001)
                    .extracting(ConflictCopy::uid)
                    .contains(new Uid("own"))
                    .doesNotContain(new Uid("server-0"));
        }
    }

    @Test
    void onlyTheOwnerCanReadIt() throws Exception {
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve("book.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSaveCostsItsChangesAndNotTheBook() throws Exception {
        try (LocalDatabase database = open()) {
            LocalContacts contacts = database.contacts();
            database.write(() -> {
                for (FoundContact each : MadeBooks.contacts(1, 20_000)) {
                    contacts.put(LocalContact.none(each.uid()).withCard(Optional.of(each.card())));
                }
                return 0;
            });
            database.sql().query("PRAGMA wal_checkpoint(TRUNCATE)", row -> {});
            Path log = files.resolve("book.db-wal");
            long before = Files.size(log);
            FoundContact one = MadeBooks.contacts(1, 1).get(0);

            database.write(() -> {
                contacts.put(LocalContact.none(one.uid()));
                return 0;
            });

            assertThat(Files.size(files.resolve("book.db"))).isGreaterThan(10_000_000);
            assertThat(Files.size(log) - before).isBetween(1L, 150_000L);
        }
    }

    @Test
    void aTransactionThatFailsHasWrittenNothing() throws Exception {
        try (LocalDatabase database = open()) {
            assertThatThrownBy(() -> database.write(() -> {
                        database.setValue("a", "b");
                        throw new IllegalStateException("killed");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(database.value("a")).isEmpty();
            database.write(() -> {
                database.setValue("a", "c");
                return 0;
            });
            assertThat(database.value("a")).contains("c");
        }
    }

    @Test
    void aDatabaseOfANewerProgramIsRefused() throws Exception {
        try (LocalDatabase database = open()) {
            database.sql().execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(this::open).isInstanceOf(LocalDatabaseFailure.class);
    }

    private LocalDatabase open() throws Exception {
        LocalDatabase database = LocalDatabase.open(JdbcSqlite.open(files.resolve("book.db")));
        database.takeTurn();
        return database;
    }
}
