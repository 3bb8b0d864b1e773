package org.contactsync.access.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 4.14: who gets development tokens, and what is read for them. */
class DevelopmentGateTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:9080", "LocalHost:1", "127.0.0.1", "127.0.0.1:9080", "[::1]:9080"})
    void passesProgramsOnThisMachine(String host) {
        assertThat(DevelopmentGate.refusal(host, null, null)).isEmpty();
        assertThat(DevelopmentGate.refusal(host, null, "none")).isEmpty();
        assertThat(DevelopmentGate.refusal(host, "http://" + host, "same-origin"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "localhost.example.org",
                "localhost:9080.example.org",
                "127.0.0.1.example.org",
                "127.0.0.2",
                "localhost@example.org",
                "localhost:",
                "localhost:999999",
                "::1",
                "xlocalhost"
            })
    void refusesOtherNames(String host) {
        assertThat(DevelopmentGate.refusal(host, null, null)).isPresent();
    }

    @Test
    void refusesARequestThatNamesNoHost() {
        assertThat(DevelopmentGate.refusal(null, null, null)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org", "null", "https://localhost:9080", "http://localhost:3000", ""})
    void refusesPagesOfOtherOrigins(String origin) {
        assertThat(DevelopmentGate.refusal("localhost:9080", origin, null)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "anything"})
    void refusesOtherSites(String site) {
        assertThat(DevelopmentGate.refusal("localhost:9080", null, site)).isPresent();
    }

    @Test
    void readsAForm() {
        assertThat(form("user=a%20b%2Bc+d&admin=true").fields()).isEqualTo(Map.of("user", "a b+c d", "admin", "true"));
        assertThat(form("").fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user=a&user=b", "name=a", "user=%zz", "user=%", "=a"})
    void refusesAnotherForm(String form) {
        refused(ProblemType.MALFORMED_REQUEST, form);
    }

    @Test
    void readsFourKibibytesAndNoMore() {
        form("user=" + "a".repeat(DevelopmentForm.MOST_BYTES - 5));
        refused(ProblemType.CONTENT_TOO_LARGE, "user=" + "a".repeat(DevelopmentForm.MOST_BYTES - 4));
    }

    @Test
    void endsAFormThatComesInDrops() {
        AtomicLong nanos = new AtomicLong();
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                nanos.addAndGet(2_000_000_000L);
                return 'u';
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                buffer[from] = (byte) read();
                return 1;
            }
        };
        assertThatThrownBy(() -> DevelopmentForm.read(slow, nanos::get))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.REQUEST_TIMEOUT));
    }

    private static void refused(ProblemType type, String form) {
        assertThatThrownBy(() -> form(form))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type));
    }

    private static DevelopmentForm form(String text) {
        return DevelopmentForm.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), System::nanoTime);
    }
}
