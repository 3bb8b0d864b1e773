package org.contactsync.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagePolicyTest {
    private static final URI KEYS = URI.create("https://id.example.com/keys");

    @Test
    void allowsNothingFromElsewhereAndNothingInline() {
        String policy = PagePolicy.of(new TokenIssuer.Development());

        assertThat(policy)
                .startsWith("default-src 'none';")
                .contains("script-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "data:", "http")
                .endsWith("connect-src 'self'");
    }

    @ParameterizedTest
    @CsvSource({
        "https://id.example.com/realms/x, ' https://id.example.com'",
        "https://id.example.com:8443/x?y, ' https://id.example.com:8443'",
        "http://localhost:8180, ' http://localhost:8180'",
        "urn:my:issuer, ''",
        "not an address; script-src *, ''",
        "javascript:alert(1), ''",
    })
    void allowsRequestsToTheIssuerOfTheTokensToo(String issuer, String added) {
        TokenIssuer external = new TokenIssuer.External(issuer, "contacts", KEYS, "RS256", Optional.empty());

        assertThat(PagePolicy.of(external)).endsWith("connect-src 'self'" + added);
    }
}
