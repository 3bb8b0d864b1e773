package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.Problem.ContactConflict;
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
        assertThat(receipts.conflict(stored(412, EARLIER))).isEmpty();
    }

    /** As revision 43a20f00 stored it: without cards, like those of this version. */
    @Test
    void readsTheConflictOfAnEarlierVersion() {
        String earlier = """
                {"type":"urn:contact-sync:problem:contact-conflict","title":"Contacts are not as expected","status":409,\
                "detail":"text","next":"text","serverCheckCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y","total":2,\
                "items":[{"uid":"a","index":0,"contentHash":null},{"uid":"b","index":7,\
                "contentHash":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}]}""";

        ContactConflict conflict = receipts.conflict(stored(409, earlier)).orElseThrow();

        assertThat(conflict.isShortened()).isFalse();
        assertThat(conflict.conflicts())
                .extracting(each ->
                        each.uid() + " " + each.index() + " " + each.actual().isPresent())
                .containsExactly("a 0 false", "b 7 true");
        assertThat(receipts.conflict(stored(409, earlier.replace("\"index\":7", "\"index\":\"7\""))))
                .isEmpty();
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
