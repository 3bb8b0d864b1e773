package org.contactsync.protocol.json;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.contactsync.protocol.lookup.PhoneMatch;

/** The JSON of look-ups, both ways. If the JSON is not such an answer, reading throws what {@link AnswerReader} throws. */
public final class LookupJson {
    private LookupJson() {}

    /** @param checkCode of the book; empty if the user has none */
    public static void phones(JsonWriter json, List<PhoneAnswer> answers, Optional<CheckCode> checkCode) {
        begin(json).name("lookups").array();
        for (PhoneAnswer answer : answers) {
            json.object().member("phone", answer.phone());
            answer.international().ifPresent(number -> json.member("e164", number));
            if (answer.blocked()) {
                json.member("blocked", true);
            }
            json.name("matches").array();
            answer.matches().forEach(match -> write(json, match));
            json.endArray().end();
        }
        json.endArray();
        checkCode.ifPresent(code -> json.member("checkCode", code.value()));
        json.end();
    }

    private static void write(JsonWriter json, PhoneMatch match) {
        json.object()
                .member("name", match.name())
                .member("uid", match.uid().value())
                .member("label", match.label())
                .member("match", match.closeness());
        write(json, match.marks());
        json.end();
    }

    public static void names(JsonWriter json, NameAnswer answer, CheckCode checkCode) {
        begin(json).name("found").array();
        for (NameAnswer.Found found : answer.found()) {
            json.object().member("name", found.name()).member("uid", found.uid().value());
            write(json, found.marks());
            json.end();
        }
        json.endArray()
                .member("more", answer.more())
                .member("checkCode", checkCode.value())
                .end();
    }

    /** Generated clients take every answer of the resource for a page of contacts, and insist on its list. */
    private static JsonWriter begin(JsonWriter json) {
        return json.object().name("contacts").array().endArray();
    }

    private static void write(JsonWriter json, Set<Mark> marks) {
        if (!marks.isEmpty()) {
            json.name("marks").array();
            new TreeSet<>(marks).forEach(mark -> json.value(mark.wireName()));
            json.endArray();
        }
    }

    /** What {@link #phones} wrote. */
    public static List<PhoneAnswer> phones(JsonObject json) {
        return json.getJsonArray("lookups").getValuesAs(JsonObject.class).stream()
                .map(LookupJson::phone)
                .toList();
    }

    private static PhoneAnswer phone(JsonObject json) {
        return new PhoneAnswer(
                json.getString("phone"),
                Optional.ofNullable(json.getString("e164", null)),
                json.getBoolean("blocked", false),
                json.getJsonArray("matches").getValuesAs(JsonObject.class).stream()
                        .map(match -> new PhoneMatch(
                                new Uid(match.getString("uid")),
                                match.getString("name"),
                                match.getString("label", ""),
                                match.getString("match", ""),
                                marks(match)))
                        .toList());
    }

    /** What {@link #names} wrote. */
    public static NameAnswer names(JsonObject json) {
        return new NameAnswer(
                json.getJsonArray("found").getValuesAs(JsonObject.class).stream()
                        .map(found -> new NameAnswer.Found(
                                new Uid(found.getString("uid")), found.getString("name"), marks(found)))
                        .toList(),
                json.getBoolean("more"));
    }

    /** Marks of a later version are left out. */
    private static Set<Mark> marks(JsonObject json) {
        Set<Mark> marks = new TreeSet<>();
        if (json.containsKey("marks")) {
            json.getJsonArray("marks")
                    .getValuesAs(JsonString.class)
                    .forEach(mark -> Mark.ofKeyword(mark.getString()).ifPresent(marks::add));
        }
        return marks;
    }
}
