package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;

/** A receipt is recognised by the type in its text, whichever version wrote it. */
class JsonReceiptsTest {
    /** As version 0.1.0 of 2026-11-24 stored it, with another title and other members. */
    private static final String EARLIER = """
            {"type":"urn:contact-sync:problem:check-code-mismatch","title":"Another check code","status":412,\
            "detail":"text","next":"text","serverCheckCode":"ck1.x","missed":{"complete":false}}""";

    private final JsonReceipts receipts = new JsonReceipts();

    @Test
    void knowsTheMismatchOfAnEarlierVersion() {
        assertThat(receipts.isMismatch(stored(412, EARLIER))).isTrue();
        assertThat(receipts.isShortened(stored(412, EARLIER))).isFalse();
    }

    @Test
    void doesNotGoByTheStatus() {
        Problem other = new Problem.Plain(ProblemType.NOT_FOUND, "check-code-mismatch");
        String body = receipts.of(new Outcome.Refused(other)).body();

        assertThat(receipts.isMismatch(stored(412, body))).isFalse();
        assertThat(receipts.isMismatch(stored(409, EARLIER))).isTrue();
    }

    private static Answer stored(int status, String body) {
        return new Answer(status, Optional.empty(), Optional.empty(), Optional.empty(), body);
    }
}
