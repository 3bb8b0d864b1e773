package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The issuer whose tokens are accepted: exactly one issuer, one audience, one asymmetric algorithm. */
public sealed interface TokenIssuer {
    /** The name that stands for "no issuer is configured", in {@code iss} and {@code aud} of development tokens. */
    String DEVELOPMENT_NAME = "urn:contact-sync:dev";

    /** {@code iss} of every accepted token. */
    String name();

    /** What {@code aud} of every token must contain. */
    String audience();

    /** This service itself, for development: gives a token to anyone who asks. */
    record Development() implements TokenIssuer {
        @Override
        public String name() {
            return DEVELOPMENT_NAME;
        }

        @Override
        public String audience() {
            return DEVELOPMENT_NAME;
        }
    }

    /**
     * An OpenID provider or another issuer of JSON Web Tokens.
     *
     * @param name {@code JWT_ISSUER}
     * @param audience {@code JWT_AUDIENCE}
     * @param keys {@code JWT_JWKS_URL}, where the public keys are (RFC 7517)
     * @param algorithm {@code JWT_ALGORITHM}, one of {@link #ALGORITHMS}
     * @param trust the certificates trusted when keys are fetched; empty: those that the Java runtime trusts
     */
    record External(String name, String audience, URI keys, String algorithm, Optional<TrustStore> trust)
            implements TokenIssuer {
        /** Asymmetric ones only: with a shared secret, anyone who can check a token can also issue one. */
        public static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

        public External {
            if (name.isBlank() || name.equals(DEVELOPMENT_NAME)) {
                throw new IllegalArgumentException("JWT_ISSUER must be the iss of the tokens, not \"" + name + "\"");
            }
            if (audience.isBlank() || audience.equals(DEVELOPMENT_NAME)) {
                throw new IllegalArgumentException("JWT_AUDIENCE must be set when JWT_ISSUER is");
            }
            if (!"https".equals(keys.getScheme()) && !"http".equals(keys.getScheme())) {
                throw new IllegalArgumentException("JWT_JWKS_URL must be an http or https address, not " + keys);
            }
            if (!ALGORITHMS.contains(algorithm)) {
                throw new IllegalArgumentException("JWT_ALGORITHM must be one of "
                        + ALGORITHMS.stream().sorted().toList() + ", not " + algorithm);
            }
        }
    }

    /**
     * A file with certificates, PKCS #12 or JKS.
     *
     * @param file {@code TLS_TRUST_STORE}
     * @param password {@code TLS_TRUST_STORE_PASSWORD}
     */
    record TrustStore(Path file, String password) {
        @Override
        public String toString() {
            return file.toString();
        }
    }
}
