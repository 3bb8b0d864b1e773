package org.contactsync.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.Owner;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));

    private static final int SAYS = 12_000;

    private final VerifiedTokens tokens = new VerifiedTokens();

    @Test
    void keepsManyTokensOfUsualSize() {
        for (int i = 0; i < VerifiedTokens.MOST; i++) {
            keep(i, "user-" + i, Set.of("staff"));
        }
        assertThat(tokens.size()).isEqualTo(VerifiedTokens.MOST);
        assertThat(tokens.find("0", NOW)).isPresent();
    }

    @Test
    void keepsFewerTokensThatSayMuch() {
        int most = 0;
        for (int i = 0; i < VerifiedTokens.MOST; i++) {
            keep(i, "user-" + i, Set.of("x".repeat(SAYS)));
            most = Math.max(most, tokens.size());
        }
        assertThat((long) most * SAYS).isLessThan(VerifiedTokens.MOST_BYTES);
        assertThat(tokens.find(String.valueOf(VerifiedTokens.MOST - 1), NOW)).isPresent();
    }

    @Test
    void countsATokenThatIsKeptAgainOnce() {
        keep(-1, "ada", Set.of());
        for (int i = 0; i < VerifiedTokens.MOST; i++) {
            keep(0, "bob", Set.of("x".repeat(SAYS)));
        }
        assertThat(tokens.find("-1", NOW)).isPresent();
        assertThat(tokens.size()).isEqualTo(2);
    }

    private void keep(int token, String subject, Set<String> groups) {
        VerifiedToken verified =
                new VerifiedToken(new Owner("https://issuer.example", subject), groups, Optional.empty(), LATER);
        tokens.keep(String.valueOf(token), verified, NOW, LATER);
    }
}
