package org.contactsync.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A refusal for overload is counted under a word of the service's own. */
class OverloadReasonTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource
    void countsEachReasonUnderTheWordThatOperatorsAreTold(UnavailableReason reason) throws IOException {
        String problem = ProblemJson.of(new Problem.Unavailable(reason, SECOND));

        assertThat(OverloadReason.of(503, problem)).hasValue(reason.word());
        assertThat(Files.readString(Path.of("docs/operations.md"))).contains("`" + reason.word() + "`");
    }

    /** Protocol 6.3. */
    @ParameterizedTest
    @EnumSource
    void countsEachQuotaUnderItsName(Quota quota) throws IOException {
        String problem = ProblemJson.of(new Problem.QuotaExceeded(quota, 4, "detail", SECOND));

        assertThat(OverloadReason.of(429, problem)).hasValue(quota.wireName());
        assertThat(OverloadReason.of(409, problem)).isEmpty();
        assertThat(Files.readString(Path.of("docs/protocol.md"))).contains("| `" + quota.wireName() + "` |");
    }

    @Test
    void makesNoLabelOfAnUnknownText() {
        assertThat(OverloadReason.of(503, "{\"detail\":\"uid urn:uuid:1 is away\"}"))
                .hasValue(OverloadReason.OTHER);
        assertThat(OverloadReason.of(429, "{\"quota\":\"Ada Lovelace\"}")).hasValue(OverloadReason.OTHER);
        assertThat(OverloadReason.of(503, null)).hasValue(OverloadReason.OTHER);
    }
}
