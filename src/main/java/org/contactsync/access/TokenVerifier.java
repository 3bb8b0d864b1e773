package org.contactsync.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.access.development.DevelopmentTokens;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.settings.TokenIssuer;
import org.contactsync.settings.TokenIssuer.External;
import org.jspecify.annotations.Nullable;

/**
 * Checks JSON Web Tokens (RFC 7519): one issuer, one audience, one asymmetric algorithm, so that the token cannot choose;
 * {@code sub}, {@code iat} and {@code exp} must be there. Thread-safe.
 */
final class TokenVerifier {
    /** How far the issuer's clock may be from this one's. */
    static final Duration SKEW = Duration.ofSeconds(30);

    /** No token lives longer, whatever its issuer says. */
    static final Duration OLDEST = Duration.ofHours(24);

    private static final Logger LOG = System.getLogger(TokenVerifier.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final long LOG_EVERY_MILLIS = 30_000;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Clock clock;
    private final VerifiedTokens kept = new VerifiedTokens();
    private final AtomicLong nextLog = new AtomicLong(Long.MIN_VALUE);

    TokenVerifier(TokenIssuer issuer, JWKSource<SecurityContext> keys, Clock clock) {
        this.clock = clock;
        String algorithm = issuer instanceof External external ? external.algorithm() : DevelopmentTokens.ALGORITHM;
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.parse(algorithm), keys));
        processor.setJWTClaimsSetVerifier(new Claims(issuer));
    }

    /**
     * What the token says; empty when it is not to be believed.
     *
     * @throws ProblemException 503 when the issuer's keys are not known and cannot be fetched now
     */
    Optional<VerifiedToken> verify(String token) {
        Instant now = clock.instant();
        Optional<VerifiedToken> lately = kept.find(token, now);
        if (lately.isPresent()) {
            return lately;
        }
        try {
            JWT jwt = JWTParser.parse(token);
            JWTClaimsSet claims = processor.process(jwt, null);
            if (!subjectIsText(jwt)) {
                return Optional.empty();
            }
            Owner owner = new Owner(claims.getIssuer(), claims.getSubject());
            VerifiedToken verified = new VerifiedToken(owner, groups(claims), region(claims), ends(claims));
            kept.keep(token, verified, now, verified.ends());
            return Optional.of(verified);
        } catch (KeySourceException e) {
            log(e);
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.ISSUER_AWAY, RETRY));
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The library makes a text of a number: 7 would be the user "7". */
    private static boolean subjectIsText(JWT jwt) {
        return jwt instanceof SignedJWT signed
                && signed.getPayload().toJSONObject().get("sub") instanceof String;
    }

    private static Instant ends(JWTClaimsSet claims) {
        Instant expires = claims.getExpirationTime().toInstant();
        Instant tooOld = claims.getIssueTime().toInstant().plus(OLDEST);
        return (tooOld.isBefore(expires) ? tooOld : expires).plus(SKEW);
    }

    /** Anything but an array of strings is no group: groups give rights. */
    private static Set<String> groups(JWTClaimsSet claims) {
        Set<String> groups = new HashSet<>();
        if (claims.getClaim("groups") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof String name) {
                    groups.add(name);
                }
            }
        }
        return groups;
    }

    /** Anything but two letters is no region. */
    private static Optional<String> region(JWTClaimsSet claims) {
        return claims.getClaim("region") instanceof String code && code.matches("[A-Za-z]{2}")
                ? Optional.of(code.toUpperCase(Locale.ROOT))
                : Optional.empty();
    }

    private void log(KeySourceException failure) {
        long now = clock.millis();
        long next = nextLog.get();
        if (now >= next && nextLog.compareAndSet(next, now + LOG_EVERY_MILLIS)) {
            LOG.log(Level.WARNING, "the token issuer's keys cannot be fetched: " + failure.getMessage());
        }
    }

    /** The claims, by the service's clock. */
    private final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
        Claims(TokenIssuer issuer) {
            super(
                    issuer.audience(),
                    new JWTClaimsSet.Builder().issuer(issuer.name()).build(),
                    Set.of("sub", "iat", "exp"));
            setMaxClockSkew((int) SKEW.toSeconds());
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }

        @Override
        public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
            super.verify(claims, context);
            // The library asks whether a claim is there; null is.
            if (claims.getSubject() == null || claims.getIssueTime() == null || claims.getExpirationTime() == null) {
                throw new BadJWTException("sub must be a text, iat and exp times");
            }
            long age = clock.millis() - claims.getIssueTime().getTime();
            if (age > OLDEST.plus(SKEW).toMillis() || age < -SKEW.toMillis()) {
                throw new BadJWTException("iat is too old, or in the future");
            }
        }
    }
}
