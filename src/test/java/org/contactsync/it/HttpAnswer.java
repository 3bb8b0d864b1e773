package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.protocol.problem.ProblemType;

/** What the service answered. Immutable. */
record HttpAnswer(int status, TreeMap<String, List<String>> headers, byte[] body) {
    private static final String PROBLEM = "application/problem+json";

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as JSON, which it must be. */
    JsonObject json() {
        assertThat(header("Content-Type").orElse("none")).startsWith("application/");
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        }
    }

    String string(String member) {
        return json().getString(member);
    }

    int number(String member) {
        return json().getInt(member);
    }

    JsonArray array(String member) {
        return json().getJsonArray(member);
    }

    /** The check code, or content hash, of {@code ETag}. */
    String tag() {
        String tag = header("ETag").orElseThrow(() -> new AssertionError("no ETag: " + this));
        assertThat(tag).matches("\"[^\"]+\"");
        return tag.substring(1, tag.length() - 1);
    }

    /** Says that it is an answer of this status. */
    HttpAnswer is(int expected) {
        assertThat(status).as("%s", this).isEqualTo(expected);
        if (expected < 400 && body.length > 0) {
            assertThat(header("Content-Type")).hasValue("application/json");
        }
        return this;
    }

    /** Says that it is a problem of this type, complete as 5.1 asks for. */
    JsonObject is(ProblemType type) {
        assertThat(status).as("%s", this).isEqualTo(type.status());
        assertThat(header("Content-Type")).as("%s", this).hasValue(PROBLEM);
        JsonObject problem = json();
        assertThat(problem.getString("type")).as("%s", this).isEqualTo(type.uri());
        assertThat(problem.getInt("status")).isEqualTo(type.status());
        for (String member : List.of("title", "detail", "next")) {
            assertThat(problem.getString(member)).as(member).isNotBlank();
        }
        assertThat(text()).doesNotContain("Exception", "\tat ", "<html", "org.contactsync.");
        return problem;
    }

    /** Says that it is a problem, of whatever type. */
    JsonObject isAnyProblem() {
        assertThat(status).as("%s", this).isBetween(400, 599);
        assertThat(header("Content-Type")).as("%s", this).hasValue(PROBLEM);
        assertThat(string("type")).startsWith("urn:contact-sync:problem:");
        assertThat(number("status")).isEqualTo(status);
        return json();
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + text();
    }
}
