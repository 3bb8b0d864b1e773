package org.contactsync.door;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/** Reads the check codes in {@code If-Match} and {@code If-None-Match} (RFC 9110 §13.1). */
public final class Conditions {
    private Conditions() {}

    /**
     * The first check code of a write request.
     *
     * @throws ProblemException {@code check-code-required} without one, {@code malformed-request} for anything but one
     *     strong check code
     */
    public static CheckCode requireCheckCode(HttpHeaders headers) {
        return ifMatch(headers)
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.CHECK_CODE_REQUIRED,
                        "If-Match must contain the check code of the book before the change"));
    }

    /** The check code in {@code If-Match}, if there is one. */
    public static Optional<CheckCode> ifMatch(HttpHeaders headers) {
        String value = headers.getHeaderString(HttpHeaders.IF_MATCH);
        if (value == null) {
            return Optional.empty();
        }
        String text = value.strip();
        try {
            if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
                return Optional.of(new CheckCode(text.substring(1, text.length() - 1)));
            }
        } catch (IllegalArgumentException e) {
            throw badIfMatch();
        }
        throw badIfMatch();
    }

    /** Whether {@code If-None-Match} names the code: the client has this state already. */
    public static boolean isKnown(HttpHeaders headers, String code) {
        String value = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        if (value == null) {
            return false;
        }
        for (String each : value.split(",")) {
            String tag = each.strip();
            if (tag.equals("*") || tag.equals("\"" + code + "\"") || tag.equals("W/\"" + code + "\"")) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException badIfMatch() {
        return ProblemException.of(
                ProblemType.MALFORMED_REQUEST,
                "If-Match must contain exactly one check code in quotes, e.g. \"ck1.…\"");
    }
}
