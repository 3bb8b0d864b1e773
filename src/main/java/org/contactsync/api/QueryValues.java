package org.contactsync.api;

import java.util.Optional;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/** Reads the values of queries; what is wrong is refused by name, never replaced by a default. */
final class QueryValues {
    private QueryValues() {}

    static int limit(@Nullable String value, int standard, int most) {
        return value == null ? standard : (int) number("limit", value, 1, most);
    }

    static long number(String name, @Nullable String value, long least, long most) {
        if (value != null && value.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw ProblemException.of(
                ProblemType.MALFORMED_REQUEST, name + " must be an integer from " + least + " to " + most);
    }

    static Optional<Uid> uid(String name, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        CardProfile.uidFlaw(value).ifPresent(flaw -> {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, name + ": " + flaw.detail());
        });
        return Optional.of(new Uid(value));
    }

    /** A place in the digest tree. */
    static String prefix(@Nullable String value) {
        if (value == null) {
            return "";
        }
        if (!value.matches("[0-9a-f]{0,4}")) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "prefix must be up to 4 lower-case hex digits");
        }
        return value;
    }
}
