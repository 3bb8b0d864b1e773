package org.contactsync.client.http.port;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What protects a connection.
 *
 * @param protocol its name, e.g. {@code TLSv1.3}
 * @param ends when the server's certificate does
 */
public record Tls(String protocol, Optional<Instant> ends) {
    /** @param chain the server's certificate first; may be empty */
    public static Tls of(String protocol, List<Certificate> chain) {
        return new Tls(
                protocol,
                !chain.isEmpty() && chain.get(0) instanceof X509Certificate certificate
                        ? Optional.of(certificate.getNotAfter().toInstant())
                        : Optional.empty());
    }
}
