package org.contactsync.client.http.port;

import java.util.Optional;

/**
 * What comes before the body of an answer.
 *
 * @param tls of the connection; empty without TLS, and if the implementation cannot tell
 */
public record Head(int status, Headers headers, Optional<Tls> tls) {}
