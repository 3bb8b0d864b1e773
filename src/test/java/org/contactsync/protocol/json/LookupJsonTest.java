package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.contactsync.protocol.lookup.PhoneMatch;
import org.junit.jupiter.api.Test;

/** A client reads what the server writes. */
class LookupJsonTest {
    private static final CheckCode CODE = new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");

    @Test
    void phonesAreReadAsTheyWereWritten() {
        List<PhoneAnswer> answers = List.of(
                new PhoneAnswer(
                        "030 \"1\"",
                        Optional.of("+49301"),
                        true,
                        List.of(new PhoneMatch(
                                new Uid("a"), "Ada", "work", "exact", Set.of(Mark.FAVOURITE, Mark.BLOCK)))),
                new PhoneAnswer("x", Optional.empty(), false, List.of()));
        JsonWriter json = new JsonWriter();

        LookupJson.phones(json, answers, Optional.of(CODE));

        JsonObject read = read(json);
        assertThat(LookupJson.phones(read)).isEqualTo(answers);
        assertThat(read.getString("checkCode")).isEqualTo(CODE.value());
        assertThat(json.text()).contains("\"marks\":[\"block\",\"favourite\"]");
    }

    @Test
    void namesAreReadAsTheyWereWritten() {
        NameAnswer answer =
                new NameAnswer(List.of(new NameAnswer.Found(new Uid("a"), "Ada", Set.of(Mark.BLOCK))), true);
        JsonWriter json = new JsonWriter();

        LookupJson.names(json, answer, CODE);

        assertThat(LookupJson.names(read(json))).isEqualTo(answer);
    }

    /** A client of an earlier version takes any of them for a page. */
    @Test
    void everyAnswerIsAPageWithoutContacts() {
        JsonWriter json = new JsonWriter();
        LookupJson.phones(json, List.of(), Optional.empty());

        assertThat(read(json).getJsonArray("contacts")).isEmpty();
        assertThat(LookupJson.phones(read(json))).isEmpty();
    }

    private static JsonObject read(JsonWriter json) {
        return BoundedJson.object(json.text().getBytes(StandardCharsets.UTF_8));
    }
}
