package org.contactsync.faults;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.contactsync.faults.BookReader.Contents;
import org.jspecify.annotations.Nullable;

/** A device that has its own idea of what is in its user's book, which may be old. One thread at a time. */
abstract class BookDevice implements Client {
    final String user;
    final String name;
    final Api api;
    final Log log;
    final Random random;
    final PastReader past;
    private final BookReader reader;

    /** The arithmetic of the book, as soon as it is known. */
    @Nullable
    PlainCodes codes;

    Map<String, String> book = new TreeMap<>();

    /** The check code of {@code book}; empty if the device knows that it has to read it again. */
    String code = "";

    private int made;

    BookDevice(String user, String name, Api api, Log log, Random random) {
        this.user = user;
        this.name = name;
        this.api = api;
        this.log = log;
        this.random = random;
        reader = new BookReader(user, name, api, log);
        past = new PastReader(user, name, api, log);
    }

    final void readHead() {
        reader.readHead().ifPresentOrElse(found -> codes = found, this::lost);
    }

    /** Whether there was an answer. */
    final boolean readContacts() {
        Optional<Contents> found = reader.readContacts();
        if (found.isEmpty()) {
            lost();
            return false;
        }
        book = new TreeMap<>(found.get().contacts());
        code = found.get().checkCode();
        return true;
    }

    /** When all faults are over, so that the checker sees what has come of the book. */
    final void readAll() {
        readHead();
        readContacts();
        past.readHistory(1_000);
        past.readTrash();
    }

    /** A card that never was. */
    final String card() {
        made++;
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"Zoë %d of %s\"},\"version\":\"1.0\"}".formatted(made, name);
    }

    /** There was no answer: goes on with another instance, after a while. */
    final void lost() {
        api.change();
        Pursuit.rest(200 + random.nextInt(400));
    }
}
