package org.contactsync.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.contactsync.access.development.DevelopmentKey;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer.External;
import org.contactsync.settings.TokenIssuer.TrustStore;
import org.jspecify.annotations.Nullable;

/**
 * The keys that verify tokens. Those of an external issuer are fetched when they are first needed, kept ({@link KnownKeys}), fetched
 * anew in the background before they are {@link #KEPT} old, and once more when a token names a key that is not among them. No
 * request waits for the issuer longer than {@link #WAIT}, and an issuer that is away does not matter while its keys are known.
 */
final class IssuerKeys {
    /** A key that the issuer takes back is believed at most so long, while the issuer answers. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** How long keys are believed when the issuer does not answer. */
    static final Duration OUTAGE = Duration.ofHours(12);

    static final Duration WAIT = Duration.ofSeconds(5);

    private static final Duration BEFORE = Duration.ofMinutes(2);

    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 2_000;
    private static final int MOST_BYTES = 256 * 1024;

    private IssuerKeys() {}

    static JWKSource<SecurityContext> of(Settings settings) {
        return settings.issuer() instanceof External external ? of(external) : development(settings.dataDirectory());
    }

    private static JWKSource<SecurityContext> of(External issuer) {
        try {
            DefaultResourceRetriever retriever = new DefaultResourceRetriever(
                    CONNECT_MILLIS,
                    READ_MILLIS,
                    MOST_BYTES,
                    true,
                    issuer.trust().map(IssuerKeys::trusting).orElse(null));
            URL address = issuer.keys().toURL();
            return new KnownKeys(
                    () -> JWKSet.parse(retriever.retrieveResource(address).getContent()),
                    System::nanoTime,
                    KEPT.minus(BEFORE),
                    OUTAGE,
                    WAIT);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("JWT_JWKS_URL: " + issuer.keys(), e);
        }
    }

    private static JWKSource<SecurityContext> development(Path dataDirectory) {
        return new ImmutableJWKSet<>(new JWKSet(DevelopmentKey.in(dataDirectory).toPublicJWK()));
    }

    /**
     * Connections that trust the certificates of a file.
     *
     * @throws IllegalArgumentException when the file cannot be read with the password
     */
    private static @Nullable SSLSocketFactory trusting(TrustStore trust) {
        try (InputStream in = Files.newInputStream(trust.file())) {
            // Reads JKS files too.
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, trust.password().toCharArray());
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException e) {
            throw new UncheckedIOException("TLS_TRUST_STORE cannot be read: " + trust.file(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS_TRUST_STORE is not a certificate store: " + trust.file(), e);
        }
    }
}
