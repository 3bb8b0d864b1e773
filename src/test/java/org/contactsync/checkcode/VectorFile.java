package org.contactsync.checkcode;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.stream.Stream;

/** The files in {@code check-code/}: what every implementation of {@code ck1} must come to. */
public final class VectorFile {
    private VectorFile() {}

    /** {@code vectors.json}, which is given: never changed. */
    public static JsonObject given() {
        return read("/check-code/vectors.json");
    }

    /** {@code more-vectors.json}, made by {@code src/test/vectors/ck1.py}. */
    public static JsonObject more() {
        return read("/check-code/more-vectors.json");
    }

    public static CheckCodes checkCodes(JsonObject vectors) {
        return new CheckCodes(CheckKey.of(HexFormat.of().parseHex(vectors.getString("keyHex"))));
    }

    public static Stream<JsonObject> objects(JsonArray array) {
        return array.getValuesAs(JsonObject.class).stream();
    }

    /** A text that stands as a string, or as an array of strings and {@code [string, times]}. */
    public static String text(JsonValue parts) {
        if (parts instanceof JsonString whole) {
            return whole.getString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonValue part : parts.asJsonArray()) {
            text.append(
                    part instanceof JsonString once
                            ? once.getString()
                            : part.asJsonArray()
                                    .getString(0)
                                    .repeat(part.asJsonArray().getInt(1)));
        }
        return text.toString();
    }

    private static JsonObject read(String resource) {
        InputStream in = VectorFile.class.getResourceAsStream(resource);
        try (JsonReader reader = Json.createReader(in)) {
            return reader.readObject();
        }
    }
}
