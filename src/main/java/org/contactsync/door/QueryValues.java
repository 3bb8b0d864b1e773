package org.contactsync.door;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** Reads the values of query parameters; a wrong value is refused by name, never replaced by a default. */
public final class QueryValues {
    private QueryValues() {}

    public static int limit(@Nullable String value, int standard, int most) {
        return value == null ? standard : (int) number("limit", value, 1, most);
    }

    public static long number(String name, @Nullable String value, long least, long most) {
        if (value != null && value.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw ProblemException.of(
                ProblemType.MALFORMED_REQUEST, name + " must be an integer from " + least + " to " + most);
    }

    public static Optional<Uid> uid(String name, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        CardProfile.uidFlaw(value).ifPresent(flaw -> {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, name + ": " + flaw.detail());
        });
        return Optional.of(new Uid(value));
    }

    /** A device by its {@code Device-Id}. */
    public static Optional<DeviceId> device(String name, @Nullable String value) {
        try {
            return Optional.ofNullable(value).map(DeviceId::new);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, name + ": " + e.getMessage());
        }
    }

    /** Prefixes of nodes in the digest tree, separated by commas, as they stand there; the root if there is no value. */
    public static List<String> prefixes(@Nullable String value) {
        return Arrays.stream((value == null ? "" : value).split(",", -1))
                .map(QueryValues::prefix)
                .toList();
    }

    /** Refuses more prefixes than one answer is made for. */
    public static List<String> limited(List<String> prefixes, int most) {
        if (prefixes.size() > most) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "at most " + most + " prefixes");
        }
        return prefixes;
    }

    private static String prefix(String value) {
        if (!value.matches("[0-9a-f]{0,4}")) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "prefix must be up to 4 lower-case hex digits");
        }
        return value;
    }
}
