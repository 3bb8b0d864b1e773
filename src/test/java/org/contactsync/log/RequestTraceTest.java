package org.contactsync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 3.15: a well-formed trace goes on, another one is begun, and each request has an id of its own. */
class RequestTraceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @ParameterizedTest
    @ValueSource(strings = {"00-" + TRACE + "-" + PARENT + "-01", "cc-" + TRACE + "-" + PARENT + "-01-of-the-future"})
    void goesOnWithAWellFormedTrace(String header) {
        RequestTrace trace = RequestTrace.begin(header);

        assertThat(trace.traceparent())
                .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
                .doesNotContain(PARENT);
    }

    @Test
    void doesNotSayThatATraceIsRecordedThatIsNot() {
        assertThat(RequestTrace.begin("00-" + TRACE + "-" + PARENT + "-02").traceparent())
                .endsWith("-00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-1",
                "00-" + TRACE + "-" + PARENT + "-01-",
                "00-" + TRACE + "-" + PARENT + "-01,00-" + TRACE + "-" + PARENT + "-01",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "cc-" + TRACE + "-" + PARENT + "-01x",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01",
                "00-" + TRACE + "_" + PARENT + "-01",
                "00-0af7651916cd43dd8448eb211c80319\n-" + PARENT + "-01"
            })
    void beginsATraceWhenTheCallersIsNotWellFormed(String header) {
        RequestTrace trace = RequestTrace.begin(header);

        assertThat(trace.traceId()).isEqualTo(trace.id().toString().replace("-", ""));
        assertThat(trace.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    @Test
    void givesNoIdTwiceAndOneBeginningToAllOfAProcess() {
        Set<UUID> ids = new HashSet<>();
        Set<Long> beginnings = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            UUID id = RequestTrace.begin().id();
            ids.add(id);
            beginnings.add(id.getMostSignificantBits());
        }

        assertThat(ids).hasSize(100_000).allMatch(id -> id.version() == 8 && id.variant() == 2);
        assertThat(beginnings).hasSize(1);
    }
}
