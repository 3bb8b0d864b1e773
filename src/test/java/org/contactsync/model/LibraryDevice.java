package org.contactsync.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.device.AgreeingPerson;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.JdbcSqlite;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.contact.Uid;

/** A device with the shipped library, as {@code contact-sync sync} has it, and an address book in memory. Its user agrees to what it asks. */
final class LibraryDevice implements Device {
    private final String name;
    private final AgreeingPerson person;
    private final Path directory;
    private final TreeMap<Uid, CanonicalCard> book = new TreeMap<>();

    /** @param directory of its own, for the local database */
    LibraryDevice(String name, AgreeingPerson person, Path directory) {
        this.name = name;
        this.person = person;
        this.directory = directory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Uid, CanonicalCard> book() {
        return book;
    }

    @Override
    public void synchronise() throws ServerUnreachable, ServerRefusal, IOException {
        MemoryAddressBook phone = new MemoryAddressBook(Optional.of(name));
        book.forEach(phone::put);
        Files.createDirectories(directory);
        try (LocalDatabase database = LocalDatabase.open(JdbcSqlite.open(database()))) {
            database.takeTurn();
            person.synchronise(phone, database);
        } finally {
            book.clear();
            book.putAll(phone.contacts());
        }
    }

    @Override
    public boolean canReplace() {
        return false;
    }

    @Override
    public void replace() {
        throw new UnsupportedOperationException("the library replaces a book only to repair it");
    }

    @Override
    public void loseDatabase() throws IOException {
        loseRecord();
        book.clear();
    }

    @Override
    public void loseRecord() throws IOException {
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(database() + end));
        }
    }

    @Override
    public boolean prefersItsCardsWithoutRecord() {
        return true;
    }

    @Override
    public Restoration backup() throws IOException {
        Map<Uid, CanonicalCard> contacts = Map.copyOf(book);
        Optional<byte[]> kept =
                Files.exists(database()) ? Optional.of(Files.readAllBytes(database())) : Optional.empty();
        return () -> {
            loseDatabase();
            book.putAll(contacts);
            if (kept.isPresent()) {
                Files.write(database(), kept.get());
            }
        };
    }

    /** It is one file while it is closed. */
    private Path database() {
        return directory.resolve("local.db");
    }
}
