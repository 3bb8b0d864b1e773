package org.contactsync.protocol.json;

import jakarta.json.stream.JsonParser.Event;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.OnMismatch;

/** The plain members of a request's body while it is read; each getter checks its type. For one thread at a time. */
final class Fields {
    /** A book is not older than 1970, and later times do not fit into what the database keeps. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, List<Change>> lists = new HashMap<>();

    /** Keeps the value whose first event is {@code value}; anything but a string, number or boolean is refused. */
    void set(String name, Event value, StrictJson json) {
        switch (value) {
            case VALUE_STRING -> values.put(name, json.text());
            case VALUE_NUMBER -> values.put(name, new Digits(json.text()));
            case VALUE_TRUE -> values.put(name, true);
            case VALUE_FALSE -> values.put(name, false);
            default -> throw ProblemException.malformed("/" + name, "a string, number or boolean is expected");
        }
    }

    void setList(String name, List<Change> list) {
        lists.put(name, list);
    }

    /** Empty if the request does not have it. */
    List<Change> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    Optional<CheckCode> checkCode(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CheckCode(String.valueOf(value)));
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("/" + name, "not a check code: ck1. and 43 characters of base64url");
        }
    }

    /** The required key that stands for a user. */
    String ownerKey(String name) {
        if (values.get(name) instanceof String key && key.matches("[A-Za-z0-9_-]{43}")) {
            return key;
        }
        throw ProblemException.malformed("/" + name, "the hash of a user is required: 43 characters of base64url");
    }

    boolean flag(String name) {
        Object value = values.get(name);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw ProblemException.malformed("/" + name, "true or false is expected");
    }

    /** A required integer from 0 to {@code most}. */
    long integer(String name, long most) {
        Object value = values.get(name);
        if (value instanceof Digits number && number.text().matches("[0-9]{1,9}")) {
            long integer = Long.parseLong(number.text());
            if (integer <= most) {
                return integer;
            }
        }
        throw ProblemException.malformed("/" + name, "an integer from 0 to " + most + " is required");
    }

    /** An integer of at least 0. */
    OptionalLong number(String name) {
        Object value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Digits number && number.text().matches("[0-9]{1,18}")) {
            return OptionalLong.of(Long.parseLong(number.text()));
        }
        throw ProblemException.malformed("/" + name, "an integer of at least 0 is expected");
    }

    /** RFC 3339. */
    Optional<Instant> time(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            Instant time = OffsetDateTime.parse(String.valueOf(value)).toInstant();
            if (time.isAfter(Instant.EPOCH) && time.isBefore(LAST)) {
                return Optional.of(time);
            }
        } catch (DateTimeParseException e) {
            throw badTime(name);
        }
        throw badTime(name);
    }

    private static ProblemException badTime(String name) {
        return ProblemException.malformed("/" + name, "an RFC 3339 time is expected, such as 2026-11-22T10:15:30Z");
    }

    OnMismatch onMismatch() {
        Object value = values.getOrDefault("onMismatch", "refuse");
        if ("refuse".equals(value)) {
            return OnMismatch.REFUSE;
        }
        if ("rebase".equals(value)) {
            return OnMismatch.REBASE;
        }
        throw ProblemException.malformed("/onMismatch", "refuse or rebase is expected");
    }

    TaskKind kind() {
        Object value = values.get("kind");
        return Arrays.stream(TaskKind.values())
                .filter(kind -> kind != TaskKind.INCREMENTAL
                        && kind.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(() -> ProblemException.malformed("/kind", "initial, replace or changes is required"));
    }

    /** A number as it was written. */
    private record Digits(String text) {}
}
