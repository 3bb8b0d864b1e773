package org.contactsync.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.Owner;

/**
 * The claims of a verified token.
 *
 * @param owner {@code iss} and {@code sub}
 * @param groups the strings of {@code groups}; empty when the token has none
 * @param region two letters of the claim {@code region}: whose national phone numbers the user writes
 * @param ends when it is not accepted any more
 */
record VerifiedToken(Owner owner, Set<String> groups, Optional<String> region, Instant ends) {
    VerifiedToken {
        groups = Set.copyOf(groups);
    }
}
