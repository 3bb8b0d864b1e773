package org.contactsync.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;

/**
 * The sender of a request.
 *
 * @param owner the user of the verified token
 * @param device the installation, when the client named one
 * @param groups the strings of {@code groups} in the verified token
 * @param region of the user's national phone numbers, when the token names one
 * @param ends when the token is not accepted any more
 * @param request the id of the request
 */
public record Caller(
        Owner owner,
        Optional<DeviceId> device,
        Set<String> groups,
        Optional<String> region,
        Instant ends,
        UUID request) {}
