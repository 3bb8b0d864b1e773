package org.contactsync.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.state.WholeFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.JsonWriter;

/**
 * Keeps the cards of other devices that a push overwrites: {@code conflicts-20261122T101530.123Z.json} next to the state, in
 * the format that a push reads, {@code [{"uid":…,"card":…}…]}, readable by its owner only. Beside each card stands what took its place
 * ({@code kept}), and what both sides had before, if the server still has it ({@code ancestor}); a push does not read these. One file for
 * one push, in one thread.
 */
final class ConflictFile {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Set<Kept> kept = new LinkedHashSet<>();

    private record Kept(
            Uid uid, CanonicalCard card, Optional<CanonicalCard> winner, Optional<CanonicalCard> ancestor) {}

    ConflictFile(Path directory, Clock clock) {
        this.file = directory.resolve("conflicts-" + TIME.format(clock.instant()) + ".json");
    }

    /**
     * Adds a card; it is on the disk after the next {@link #save}.
     *
     * @param winner takes its place
     * @param ancestor what both sides had before
     */
    void add(Uid uid, CanonicalCard card, Optional<CanonicalCard> winner, Optional<CanonicalCard> ancestor) {
        kept.add(new Kept(uid, card, winner, ancestor));
    }

    /** Returns when all cards are on the disk. */
    void save() throws IOException {
        JsonWriter json = new JsonWriter().array();
        kept.forEach(one -> {
            json.object().member("uid", one.uid().value()).name("card").card(one.card());
            one.winner().ifPresent(card -> json.name("kept").card(card));
            one.ancestor().ifPresent(card -> json.name("ancestor").card(card));
            json.end();
        });
        WholeFile.write(file, (json.endArray().text() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The file, once there is something in it. */
    Optional<Path> path() {
        return kept.isEmpty() ? Optional.empty() : Optional.of(file);
    }
}
