package org.contactsync.protocol.json;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Parses JSON from a server or a file. It is scanned once before it is parsed, so that neither deep nesting nor a number of a
 * million digits costs more than its bytes. A name that occurs twice in an object is refused.
 */
public final class BoundedJson {
    /** A card has 8 levels (protocol 2.2.2) and stands in a change in a list in an answer in a task in a list. */
    private static final int DEEPEST = 24;

    /** Characters of a number or a word; an integer of the protocol has 16. */
    private static final int LONGEST_WORD = 40;

    /** Asked for once: each call of {@code Json} looks for it anew. */
    private static final JsonProvider JSON = JsonProvider.provider();

    private static final Map<String, ?> ONCE = Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE);
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(ONCE);
    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

    private BoundedJson() {}

    /** @throws JsonException when it is no object, or breaks a bound of this class */
    public static JsonObject object(byte[] utf8) {
        lookOver(utf8);
        try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8)) {
            return reader.readObject();
        }
    }

    /** A parser over the bytes, value by value; the caller closes it. */
    public static JsonParser parser(byte[] utf8) {
        lookOver(utf8);
        return PARSERS.createParser(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8);
    }

    /** The object that the parser has just begun; a name that stands twice is refused. */
    public static JsonObject object(JsonParser parser) {
        JsonObjectBuilder object = JSON.createObjectBuilder();
        Set<String> names = new HashSet<>();
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            if (!names.add(name)) {
                throw new JsonException("a member occurs twice in one object");
            }
            object.add(name, value(parser, parser.next()));
        }
        return object.build();
    }

    private static JsonValue value(JsonParser parser, Event begun) {
        return switch (begun) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                JsonArrayBuilder array = JSON.createArrayBuilder();
                for (Event next = parser.next(); next != Event.END_ARRAY; next = parser.next()) {
                    array.add(value(parser, next));
                }
                yield array.build();
            }
            default -> parser.getValue();
        };
    }

    private static void lookOver(byte[] utf8) {
        int depth = 0;
        int word = 0;
        boolean text = false;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (text) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    text = false;
                }
                continue;
            }
            switch (b) {
                case '"' -> {
                    text = true;
                    word = 0;
                }
                case '{', '[' -> {
                    word = 0;
                    if (++depth > DEEPEST) {
                        throw new JsonException("nested deeper than " + DEEPEST + " levels");
                    }
                }
                case '}', ']' -> {
                    word = 0;
                    depth--;
                }
                case ',', ':', ' ', '\t', '\n', '\r' -> word = 0;
                default -> {
                    if (++word > LONGEST_WORD) {
                        throw new JsonException("a number or word of more than " + LONGEST_WORD + " characters");
                    }
                }
            }
        }
    }
}
