package org.contactsync.access.development;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.contactsync.settings.TokenIssuer;

/** Issues development tokens to anyone who asks. Immutable, thread-safe. */
public final class DevelopmentTokens {
    public static final String ALGORITHM = "RS256";

    /** A working day. */
    static final Duration LIFETIME = Duration.ofHours(12);

    static final int MAX_USER = 128;

    private final RSAKey key;
    private final JWSSigner signer;
    private final Clock clock;

    DevelopmentTokens(RSAKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
        try {
            signer = new RSASSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the key cannot sign", e);
        }
    }

    /** The public key as a JSON Web Key Set (RFC 7517), which verifies the tokens. */
    String keySet() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /**
     * A token whose subject is the user, valid from now for {@link #LIFETIME}.
     *
     * @param user 1 to 128 characters
     * @param groups what the user is besides
     */
    @SuppressWarnings("JavaUtilDate") // the library's type
    String tokenFor(String user, Set<String> groups) {
        if (user.isBlank() || user.length() > MAX_USER) {
            throw new IllegalArgumentException("user: 1 to " + MAX_USER + " characters");
        }
        Instant now = clock.instant();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(TokenIssuer.DEVELOPMENT_NAME)
                .audience(TokenIssuer.DEVELOPMENT_NAME)
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("groups", List.copyOf(groups))
                .jwtID(UUID.randomUUID().toString())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the development key does not sign", e);
        }
        return token.serialize();
    }
}
