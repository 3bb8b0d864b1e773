package org.contactsync.api.admin;

import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** Users that a parameter names. */
final class Users {
    private Users() {}

    static Owner owner(String issuer, @Nullable String user) {
        try {
            return new Owner(issuer, user == null ? "" : user);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_REQUEST, "user must be the sub of the user's tokens, 1 to 512 characters");
        }
    }
}
