package org.contactsync.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.junit.jupiter.api.Test;

/** Protocol 4.19.3 and 4.19.5: 412 says that the book has changed, 410 that a state is not kept. */
class PlannedForTest {
    private static final ProblemException EXPIRED = ProblemException.of(ProblemType.HISTORY_EXPIRED, "a card is gone");

    @Test
    void aStateThatIsNotKeptStaysExpired() {
        assertThat(PlannedFor.reason(EXPIRED, book(7), () -> Optional.of(book(7))))
                .isSameAs(EXPIRED.problem());
        assertThat(PlannedFor.reason(EXPIRED, book(7), Optional::empty)).isSameAs(EXPIRED.problem());
    }

    @Test
    void aBookThatHasChangedMeanwhileIsAnotherBook() {
        assertThat(PlannedFor.reason(EXPIRED, book(7), () -> Optional.of(book(8)))
                        .type())
                .isEqualTo(ProblemType.CHECK_CODE_MISMATCH);
    }

    @Test
    void everyOtherProblemStaysWhatItIs() {
        ProblemException late = ProblemException.of(ProblemType.INTERNAL_ERROR, "something else");
        assertThat(PlannedFor.reason(late, book(7), () -> Optional.of(book(8)))).isSameAs(late.problem());
    }

    static BookState book(long seq) {
        return new BookState(
                1,
                new Owner("issuer", "ada"),
                CheckKey.of(new byte[CheckKey.BYTES]),
                1,
                1,
                BookDigest.EMPTY,
                OptionalLong.of(0),
                seq,
                0,
                0,
                Optional.empty(),
                seq);
    }
}
