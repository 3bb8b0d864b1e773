package org.contactsync.webhook.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Which certificates are trusted. */
public final class Trust {
    private Trust() {}

    /** @param certificates a PEM file; empty: those that the Java runtime trusts */
    public static SSLSocketFactory in(Optional<Path> certificates) {
        try {
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(certificates.isPresent() ? store(certificates.get()) : (@Nullable KeyStore) null);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException e) {
            throw new UncheckedIOException("WEBHOOK_TRUST_CERTIFICATE cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("WEBHOOK_TRUST_CERTIFICATE has no certificates", e);
        }
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + number++, each);
            }
        }
        return store;
    }
}
