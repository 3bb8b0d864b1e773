package org.contactsync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What is told of an exception, and what never is. */
class FailureTextTest {
    private static final String ROW = "values (1, 'ada', X'c0ffee')";

    @Test
    void tellsClassesAndCodesFromTheOutside() {
        Exception failure =
                new IllegalStateException(ROW, new SQLException(ROW, "HYT00", 50_200, new RuntimeException(ROW)));

        assertThat(FailureText.of(failure))
                .isEqualTo("java.lang.IllegalStateException < java.sql.SQLException SQLSTATE=HYT00 code=50200"
                        + " < java.lang.RuntimeException");
        assertThat(FailureText.kind(failure)).isEqualTo("RuntimeException");
    }

    @Test
    void neverTellsATextWhereverItStands() {
        Exception failure = new IllegalStateException(ROW, new SQLException(ROW, ROW, 1, new RuntimeException(ROW)));
        failure.addSuppressed(new RuntimeException(ROW));

        assertThat(FailureText.withFrames(failure)).doesNotContain(ROW).contains("SQLSTATE=? code=1");
    }

    @Test
    void showsWhereItWasThrownAndHowThisServiceCameThere() {
        String text = FailureText.withFrames(deep(100));

        assertThat(text).contains("\tat org.contactsync.log.FailureTextTest.deep(");
        assertThat(text.lines().count()).isLessThan(30);
        assertThat(text).endsWith(" more");
    }

    @Test
    void endsWhenCausesAreACircle() {
        Exception first = new Exception("a");
        Exception second = new Exception("b", first);
        first.initCause(second);

        assertThat(FailureText.of(first)).isEqualTo("java.lang.Exception < java.lang.Exception");
    }

    private static Exception deep(int levels) {
        return levels == 0 ? new IllegalStateException(ROW) : deep(levels - 1);
    }
}
