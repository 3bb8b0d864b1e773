package org.contactsync.checkcode;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;

/** Makes cards out of JSON that is known to be valid: for tests, the service's own reader checks more. */
public final class JsonCards {
    /** Made once: to look for the provider takes longer than to read a card. */
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    private JsonCards() {}

    public static Card card(String json) {
        try (JsonReader reader = READERS.createReader(new StringReader(json))) {
            return card(reader.readObject());
        }
    }

    public static Card card(JsonObject json) {
        return new Card(members(json));
    }

    private static CardValue value(JsonValue json) {
        return switch (json.getValueType()) {
            case STRING -> new Text(((JsonString) json).getString());
            case NUMBER -> new Int(((JsonNumber) json).longValueExact());
            case TRUE -> new Bool(true);
            case FALSE -> new Bool(false);
            case ARRAY -> items(json.asJsonArray());
            case OBJECT -> members(json.asJsonObject());
            case NULL -> throw new IllegalArgumentException("null");
        };
    }

    private static Items items(JsonArray json) {
        List<CardValue> values = json.stream().map(JsonCards::value).toList();
        return new Items(values);
    }

    private static Members members(JsonObject json) {
        TreeMap<String, CardValue> values = new TreeMap<>();
        for (Map.Entry<String, JsonValue> member : json.entrySet()) {
            values.put(member.getKey(), value(member.getValue()));
        }
        return new Members(values);
    }
}
