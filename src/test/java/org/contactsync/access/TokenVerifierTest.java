package org.contactsync.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final String ISSUER = "https://issuer.example";
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static RSAKey key;
    private static RSAKey other;

    private final AtomicInteger fetches = new AtomicInteger();
    private HttpServer issuer;
    private volatile byte[] keys = {};
    private volatile int status = 200;
    private volatile Instant now = NOW;
    private final Clock clock = new SetClock();

    @BeforeAll
    static void makeKeys() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        other = new RSAKeyGenerator(2048).keyID("two").generate();
    }

    @BeforeEach
    void startIssuer() throws Exception {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = keys;
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
    }

    @AfterEach
    void stopIssuer() {
        issuer.stop(0);
    }

    @Test
    void saysWhoseAGoodTokenIs() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            assertThat(verifier.verify(token(claims -> claims.claim("groups", List.of("admins", "staff")))))
                    .hasValueSatisfying(verified -> {
                        assertThat(verified.owner()).isEqualTo(new Owner(ISSUER, "alice"));
                        assertThat(verified.groups()).containsExactlyInAnyOrder("admins", "staff");
                    });
            assertThat(verifier.verify(token(claims -> claims.claim("groups", "admins"))))
                    .hasValueSatisfying(
                            verified -> assertThat(verified.groups()).isEmpty());
            assertThat(verifier.verify(token(claims -> claims.audience(List.of("another", "contact-sync")))))
                    .isPresent();
            assertThat(fetches).hasValue(1);
        }
    }

    @Test
    void refusesWhatIsNotMeantForItOrNotNow() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            for (UnaryOperator<JWTClaimsSet.Builder> flaw : List.<UnaryOperator<JWTClaimsSet.Builder>>of(
                    claims -> claims.issuer("https://another.example"),
                    claims -> claims.issuer(null),
                    claims -> claims.audience("another"),
                    claims -> claims.audience((String) null),
                    claims -> claims.subject(null),
                    claims -> claims.subject(""),
                    claims -> claims.issueTime(null),
                    claims -> claims.expirationTime(null),
                    claims -> claims.expirationTime(at(-31)),
                    claims -> claims.issueTime(at(31)),
                    claims -> claims.issueTime(at(-Duration.ofHours(25).toSeconds())),
                    claims -> claims.notBeforeTime(at(60)))) {
                assertThat(verifier.verify(token(flaw))).isEmpty();
            }
            assertThat(verifier.verify(token(claims -> claims.expirationTime(at(-29)))))
                    .isPresent();
        }
    }

    @Test
    void refusesWhatTheIssuerDidNotSign() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            String good = token(claims -> claims);
            assertThat(verifier.verify(good)).isPresent();
            assertThat(verifier.verify(signed(other, JWSAlgorithm.RS256))).isEmpty();
            RSAKey sameName = new RSAKey.Builder(other).keyID("one").build();
            assertThat(verifier.verify(signed(sameName, JWSAlgorithm.RS256))).isEmpty();
            assertThat(verifier.verify(signed(key, JWSAlgorithm.RS512))).isEmpty();
            assertThat(verifier.verify(new PlainJWT(claims().build()).serialize()))
                    .isEmpty();
            SignedJWT confused = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
            confused.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
            assertThat(verifier.verify(confused.serialize())).isEmpty();
            assertThat(verifier.verify(good.substring(0, good.length() - 8) + "AAAAAAAA"))
                    .isEmpty();
            assertThat(verifier.verify("a.b.c")).isEmpty();
            assertThat(verifier.verify("")).isEmpty();
        }
    }

    /** Protocol 4.20.4. */
    @Test
    void knowsTheRegionOfATokenThatHasOne() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            assertThat(verifier.verify(token(claims -> claims.claim("region", "de")))
                            .orElseThrow()
                            .region())
                    .contains("DE");
            for (Object none : Arrays.asList(null, "", "Germany", 49, List.of("DE"))) {
                assertThat(verifier.verify(token(claims -> claims.claim("region", none)))
                                .orElseThrow()
                                .region())
                        .isEmpty();
            }
        }
    }

    @Test
    void believesATokenNoLongerThanItLives() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            String token = token(claims -> claims.expirationTime(at(20)));
            assertThat(verifier.verify(token)).isPresent();
            now = NOW.plusSeconds(49);
            assertThat(verifier.verify(token)).isPresent();
            now = NOW.plusSeconds(51);
            assertThat(verifier.verify(token)).isEmpty();
        }
    }

    @Test
    void keepsABoundedNumberOfTokensForABoundedTime() {
        VerifiedTokens kept = new VerifiedTokens();
        Instant later = NOW.plus(Duration.ofHours(1));
        VerifiedToken alice = new VerifiedToken(new Owner(ISSUER, "alice"), Set.of(), Optional.empty(), later);
        for (int i = 0; i < VerifiedTokens.MOST + 10; i++) {
            kept.keep("token" + i, alice, NOW, later);
            assertThat(kept.size()).isLessThanOrEqualTo(VerifiedTokens.MOST);
        }
        String last = "token" + (VerifiedTokens.MOST + 9);
        assertThat(kept.find(last, NOW.plusSeconds(59))).contains(alice);
        assertThat(kept.find(last, NOW.plusSeconds(60))).isEmpty();
        assertThat(kept.find(last + "x", NOW)).isEmpty();
    }

    @Test
    void doesNotAskTheIssuerForEveryUnknownKey() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            for (int i = 0; i < 20; i++) {
                assertThat(verifier.verify(signed(other, JWSAlgorithm.RS256))).isEmpty();
            }
            assertThat(fetches.get()).isLessThanOrEqualTo(3);
            assertThat(verifier.verify(token(claims -> claims))).isPresent();
        }
    }

    @Test
    void keepsTheKeysItKnowsWhenTheIssuerIsAway() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            assertThat(verifier.verify(token(claims -> claims))).isPresent();
            status = 500;
            assertThat(verifier.verify(signed(other, JWSAlgorithm.RS256))).isEmpty();
            assertThat(verifier.verify(token(claims -> claims))).isPresent();
        }
    }

    @Test
    void saysThatTheKeysAreUnknownInsteadOfRefusingOrWaiting() throws Exception {
        status = 500;
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            assertThatThrownBy(() -> verifier.verify(token(claims -> claims))).isInstanceOf(ProblemException.class);
        }
        // Takes connections and says nothing.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Verifier verifier = verifier(silent.getLocalPort())) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> verifier.verify(token(claims -> claims))).isInstanceOf(ProblemException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void saysSoEachTimeWhileNoKeysAreKnown() throws Exception {
        status = 500;
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> verifier.verify(token(claims -> claims)))
                        .isInstanceOf(ProblemException.class);
            }
            assertThat(fetches.get()).isLessThanOrEqualTo(3);
        }
    }

    /** RFC 7519 lets a claim be anything; what is not of the form that is wanted is not believed. */
    @Test
    void refusesSignedClaimsOfAnotherForm() throws Exception {
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            for (String name : List.of("iss", "sub", "aud", "iat", "exp")) {
                for (Object value : Arrays.asList(null, 7, true, List.of(), Map.of("a", 1), "", "x")) {
                    boolean good = name.equals("sub") && "x".equals(value);
                    assertThat(verifier.verify(signedJson(name, value)))
                            .as(name + " " + value)
                            .matches(verified -> verified.isPresent() == good);
                }
            }
            assertThat(verifier.verify(signedJson("nbf", null))).isPresent();
            assertThat(verifier.verify(signedJson("groups", null))).isPresent();
        }
    }

    /** A thousand made-up names of keys in a second neither hide a new key for long nor become a load on the issuer. */
    @Test
    void seesANewKeyBesideMadeUpOnes() throws Exception {
        RSAKey rotated = new RSAKey.Builder(other).keyID("three").build();
        String strangers = token(claims -> claims).replaceFirst("^[^.]*", "");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger madeUp = new AtomicInteger();
        ExecutorService attackers = Executors.newFixedThreadPool(2);
        try (Verifier verifier = verifier(issuer.getAddress().getPort())) {
            assertThat(verifier.verify(token(claims -> claims))).isPresent();
            for (int thread = 0; thread < 2; thread++) {
                attackers.submit(() -> {
                    while (!over.get()) {
                        String header = "{\"alg\":\"RS256\",\"kid\":\"made-up-" + madeUp.incrementAndGet() + "\"}";
                        verifier.verify(Base64URL.encode(header) + strangers);
                        LockSupport.parkNanos(2_000_000);
                    }
                });
            }
            while (madeUp.get() < 500) {
                Thread.sleep(10);
            }
            int before = fetches.get();
            keys = new JWKSet(rotated.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            long start = System.nanoTime();
            String token = signed(rotated, JWSAlgorithm.RS256);
            while (verifier.verify(token).isEmpty()) {
                Thread.sleep(20);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
            }
            Duration seen = Duration.ofNanos(System.nanoTime() - start);
            System.getLogger("test")
                    .log(
                            System.Logger.Level.INFO,
                            "new key after {0}, made-up {1}, fetches {2}",
                            seen,
                            madeUp.get(),
                            fetches.get() - before);
            // A fetch each five seconds at most.
            assertThat((long) fetches.get() - before).isLessThanOrEqualTo(2 + seen.dividedBy(KnownKeys.PAUSE));
        } finally {
            over.set(true);
            attackers.shutdownNow();
        }
    }

    /** The time of the test. */
    private final class SetClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** A verifier with its keys. */
    private record Verifier(TokenVerifier tokens, JWKSource<SecurityContext> keys) implements AutoCloseable {
        Optional<VerifiedToken> verify(String token) {
            return tokens.verify(token);
        }

        @Override
        public void close() throws Exception {
            ((Closeable) keys).close();
        }
    }

    private Verifier verifier(int port) {
        TokenIssuer.External external = new TokenIssuer.External(
                ISSUER, "contact-sync", URI.create("http://localhost:" + port + "/keys"), "RS256", Optional.empty());
        JWKSource<SecurityContext> keys = IssuerKeys.of(new Settings(
                URI.create("http://localhost:1"),
                Path.of("/none"),
                DatabaseKind.H2,
                "test",
                false,
                external,
                "admins"));
        return new Verifier(new TokenVerifier(external, keys, clock), keys);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("contact-sync")
                .subject("alice")
                .issueTime(at(-10))
                .expirationTime(at(600));
    }

    private static String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(key, JWSAlgorithm.RS256, change.apply(claims()).build());
    }

    private static String signed(RSAKey with, JWSAlgorithm algorithm) throws Exception {
        return signed(with, algorithm, claims().build());
    }

    private static String signed(RSAKey with, JWSAlgorithm algorithm, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(algorithm).keyID(with.getKeyID()).build(), claims);
        jwt.sign(new RSASSASigner(with));
        return jwt.serialize();
    }

    /** A token of the issuer whose claim has a value that the library would not write, null among them. */
    private static String signedJson(String name, @Nullable Object value) throws Exception {
        Map<String, Object> json = new HashMap<>(claims().build().toJSONObject());
        json.put(name, value);
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                new Payload(JSONObjectUtils.toJSONString(json)));
        jws.sign(new RSASSASigner(key));
        return jws.serialize();
    }

    private static Date at(long seconds) {
        return Date.from(NOW.plusSeconds(seconds));
    }
}
