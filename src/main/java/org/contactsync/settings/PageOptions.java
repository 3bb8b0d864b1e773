package org.contactsync.settings;

import java.util.Optional;

/**
 * What the web page needs to sign a person in.
 *
 * @param clientId {@code WEB_CLIENT_ID}: the page as a client of the issuer
 */
public record PageOptions(Optional<String> clientId) {}
