package org.contactsync.protocol.json;

import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.Flaw;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/** Reads a file of JSContact (RFC 9553): a list of Cards, each with its uid, or one Card. */
public final class JsContactReader {
    /** More are not listed: a contact with so many faults has others. */
    private static final int MOST_FLAWS = 10_000;

    private JsContactReader() {}

    /**
     * A Card of the file.
     *
     * @param index its position, from 0
     * @param uid empty if it has none
     */
    public record Found(int index, Optional<String> uid, Card values, CanonicalCard card) {}

    /** @param total Cards of the file, those at fault included */
    public record File(List<Found> cards, List<ContactFlaw> flaws, int total) {
        public File {
            cards = List.copyOf(cards);
            flaws = List.copyOf(flaws);
        }
    }

    /** @throws ProblemException if it is not such a file, or has more than {@code most} Cards */
    public static File read(byte[] utf8, int most) {
        List<Found> cards = new ArrayList<>();
        List<ContactFlaw> flaws = new ArrayList<>();
        int total = 0;
        try (StrictJson json = new StrictJson(utf8)) {
            Event first = json.next();
            if (first == Event.START_OBJECT) {
                read(json, total++, flaws).ifPresent(cards::add);
            } else if (first == Event.START_ARRAY) {
                for (Event each = json.next(); each != Event.END_ARRAY; each = json.next()) {
                    if (total == most) {
                        throw ProblemException.of(
                                ProblemType.CONTENT_TOO_LARGE, "at most " + most + " contacts fit one request");
                    }
                    if (each == Event.START_OBJECT) {
                        read(json, total, flaws).ifPresent(cards::add);
                    } else {
                        json.skip(each);
                        flaws.add(new ContactFlaw(
                                Optional.empty(), total, "", new Flaw("wrong-type", "an object is expected")));
                    }
                    total++;
                }
            } else {
                throw ProblemException.malformed("", "a Card of JSContact, or a list of them, is expected");
            }
            json.expectEnd();
        }
        return new File(cards, flaws, total);
    }

    private static Optional<Found> read(StrictJson json, int index, List<ContactFlaw> flaws) {
        CardReader reader = new CardReader(json, (pointer, flaw) -> {
            if (flaws.size() < MOST_FLAWS) {
                flaws.add(new ContactFlaw(Optional.empty(), index, pointer, flaw));
            }
        });
        return reader.readNamed("").map(named -> new Found(index, named.uid(), named.values(), named.card()));
    }
}
