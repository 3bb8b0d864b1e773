package org.contactsync.protocol.json;

import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.Flaw;
import org.contactsync.protocol.problem.ProblemException;

/** Reads single cards with the reader that requests use. Thread-safe. */
public final class CardJson {
    private CardJson() {}

    /** @throws IllegalArgumentException naming the rule of the card profile that it breaks */
    public static CanonicalCard card(JsonObject json) {
        return read(new StrictJson(json), reader -> reader.read(""));
    }

    /** Parses canonical bytes. */
    public static Card parsed(CanonicalCard card) {
        return read(new StrictJson(card.utf8()), reader -> reader.readCard(""));
    }

    /** A card; empty if it is not JSON, or breaks a rule of the card profile. */
    public static Optional<Card> card(String json) {
        try (StrictJson whole = new StrictJson(json.getBytes(StandardCharsets.UTF_8))) {
            whole.expect(Event.START_OBJECT, "");
            Optional<Card> card = new CardReader(whole, (pointer, flaw) -> {}).readCard("");
            whole.expectEnd();
            return card;
        } catch (ProblemException notJson) {
            return Optional.empty();
        }
    }

    /** One value as it may be a member of a card; empty if it is not JSON, or breaks a rule of the card profile. */
    public static Optional<CardValue> value(String json) {
        String name = "value";
        return card("{\"" + name + "\":" + json + "}")
                .map(Card::root)
                .map(Members::values)
                .filter(members -> members.size() == 1)
                .map(members -> members.get(name));
    }

    private static <T> T read(StrictJson json, Function<CardReader, Optional<T>> reading) {
        List<Flaw> flaws = new ArrayList<>();
        try (json) {
            json.expect(Event.START_OBJECT, "");
            return reading.apply(new CardReader(json, (pointer, flaw) -> flaws.add(flaw)))
                    .orElseThrow(() -> new IllegalArgumentException(
                            flaws.get(0).code() + ": " + flaws.get(0).detail()));
        }
    }
}
