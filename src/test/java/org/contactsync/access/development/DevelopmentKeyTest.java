package org.contactsync.access.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.contactsync.checkcode.Sha256;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentKeyTest {
    private static final int AT_ONCE = 8;

    @TempDir
    private Path directory;

    /** Nothing but the file stands between them, as between processes. */
    @Test
    void isOneForAllWhoStartAtOnceOnAnEmptyDirectory() throws Exception {
        CyclicBarrier start = new CyclicBarrier(AT_ONCE);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<RSAKey>> made = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                made.add(threads.submit(() -> {
                    start.await();
                    return DevelopmentKey.in(directory);
                }));
            }
            RSAKey kept = DevelopmentKey.in(directory);
            for (Future<RSAKey> each : made) {
                assertThat(each.get()).isEqualTo(kept);
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    /** Tokens of an earlier version name the key by it. */
    @Test
    void keepsItsId() throws Exception {
        RSAKey key = DevelopmentKey.in(directory);
        byte[] digest = Sha256.digest(key.toRSAPublicKey().getEncoded());

        assertThat(key.getKeyID())
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 12)));
        assertThat(DevelopmentKey.in(directory)).isEqualTo(key);
    }

    @Test
    void signsTokensThatThePublicSetVerifies() throws Exception {
        DevelopmentTokens tokens = new DevelopmentTokens(DevelopmentKey.in(directory), Clock.systemUTC());
        SignedJWT token = SignedJWT.parse(tokens.tokenFor("ada", Set.of("operators")));
        JWKSet set = JWKSet.parse(tokens.keySet());
        RSAKey known = set.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey();

        assertThat(token.verify(new RSASSAVerifier(known))).isTrue();
        assertThat(known.isPrivate()).isFalse();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("ada");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(TokenIssuer.DEVELOPMENT_NAME);
        assertThat(token.getJWTClaimsSet().getStringListClaim("groups")).containsExactly("operators");
        assertThat(token.getJWTClaimsSet().getExpirationTime().getTime()
                        - token.getJWTClaimsSet().getIssueTime().getTime())
                .isEqualTo(DevelopmentTokens.LIFETIME.toMillis());
    }

    @Test
    void refusesAFileThatIsNoKey() throws Exception {
        Files.writeString(directory.resolve("development-key.p8"), "no key");

        assertThatThrownBy(() -> DevelopmentKey.in(directory)).isInstanceOf(UncheckedIOException.class);
    }
}
