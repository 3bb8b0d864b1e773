package org.contactsync.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.contact.Flaw;

/** A card from its JSON. */
public final class CardJson {
    private CardJson() {}

    /** @throws IllegalArgumentException naming the rule of the card profile that it breaks */
    public static CanonicalCard card(JsonObject json) {
        return CanonicalCard.of(new Card(members(json, 1)));
    }

    /** The card of bytes that are one already. */
    public static Card parsed(CanonicalCard card) {
        return new Card(members(StrictJson.object(card.utf8()), 1));
    }

    private static CardValue value(JsonValue json, int depth) {
        return switch (json.getValueType()) {
            case OBJECT -> members(json.asJsonObject(), depth);
            case ARRAY -> items(json.asJsonArray(), depth);
            case STRING -> new Text(((JsonString) json).getString());
            case NUMBER -> number((JsonNumber) json);
            case TRUE -> new Bool(true);
            case FALSE -> new Bool(false);
            case NULL -> throw refused(CardProfile.nullValue());
        };
    }

    private static Members members(JsonObject json, int depth) {
        boundDepth(depth);
        TreeMap<String, CardValue> members = new TreeMap<>();
        json.forEach((key, value) -> members.put(key, value(value, depth + 1)));
        return new Members(members);
    }

    private static Items items(JsonArray json, int depth) {
        boundDepth(depth);
        List<CardValue> items = new ArrayList<>(json.size());
        json.forEach(value -> items.add(value(value, depth + 1)));
        return new Items(items);
    }

    private static Int number(JsonNumber number) {
        if (!number.toString().matches("-?[0-9]+") || number.toString().equals("-0")) {
            throw refused(CardProfile.notAnInteger());
        }
        if (number.toString().length() > 17) {
            throw refused(CardProfile.integerTooLarge());
        }
        return new Int(number.longValueExact());
    }

    private static void boundDepth(int depth) {
        if (depth > CardProfile.MAX_DEPTH) {
            throw refused(CardProfile.tooDeep());
        }
    }

    private static IllegalArgumentException refused(Flaw flaw) {
        return new IllegalArgumentException(flaw.code() + ": " + flaw.detail());
    }
}
