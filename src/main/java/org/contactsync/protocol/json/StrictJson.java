package org.contactsync.protocol.json;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.EOFException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * A JSON text read event by event, so that an oversized or hostile one is refused before it has taken memory. Malformed
 * UTF-8 is refused, not repaired. For one thread at a time; close it.
 */
public final class StrictJson implements AutoCloseable {
    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

    private static final char REPLACEMENT = '\uFFFD';

    private final JsonParser parser;

    StrictJson(byte[] utf8) {
        parser = PARSERS.createParser(new EndingReader(new StringReader(decode(utf8))));
    }

    /** Reads what was parsed already. */
    StrictJson(JsonObject parsed) {
        parser = PARSERS.createParser(parsed);
    }

    /** The next event. */
    Event next() {
        try {
            return parser.next();
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw malformed();
        }
    }

    /** The next event, which must be {@code expected}. */
    void expect(Event expected, String pointer) {
        Event event = next();
        if (event != expected) {
            throw ProblemException.malformed(pointer, "expected " + expected + ", found " + event);
        }
    }

    /** The text of a string or a member's name, or the digits of a number. */
    String text() {
        try {
            return parser.getString();
        } catch (JsonException | IllegalStateException e) {
            throw malformed();
        }
    }

    /** Passes over the value whose first event was {@code event}. */
    void skip(Event event) {
        try {
            if (event == Event.START_OBJECT) {
                parser.skipObject();
            } else if (event == Event.START_ARRAY) {
                parser.skipArray();
            }
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw malformed();
        }
    }

    /** Refuses anything after the value that was read. */
    void expectEnd() {
        try {
            if (parser.hasNext()) {
                parser.next();
                throw malformed();
            }
        } catch (JsonException | NoSuchElementException e) {
            throw malformed();
        }
    }

    @Override
    public void close() {
        parser.close();
    }

    private ProblemException malformed() {
        return ProblemException.of(
                ProblemType.MALFORMED_JSON,
                "not well-formed JSON near line " + parser.getLocation().getLineNumber() + ", column "
                        + parser.getLocation().getColumnNumber());
    }

    /** Decodes fast; only where a replacement character comes out is it told whether one went in. */
    private static String decode(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(utf8);
        }
        return text;
    }

    private static void refuseMalformed(byte[] utf8) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw ProblemException.of(ProblemType.MALFORMED_JSON, "the body is not well-formed UTF-8");
        }
    }

    /**
     * Fails when it is asked again and again for more than there is: where a text breaks off, the parser's skipping goes on for
     * ever.
     */
    private static final class EndingReader extends FilterReader {
        /** The parser asks once or twice in a text that is whole. */
        private static final int MOST_READS_AT_END = 100;

        private int readsAtEnd;

        EndingReader(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count < 0 && ++readsAtEnd > MOST_READS_AT_END) {
                throw new EOFException("the text has ended");
            }
            return count;
        }
    }
}
