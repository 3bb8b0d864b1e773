package org.contactsync.api.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
    private static final Set<String> KNOWN = new TreeSet<>(Set.of("limit", "after"));

    @Test
    void passesWhatIsKnownAndThereOnce() {
        assertThatNoException()
                .isThrownBy(() -> QueryParameters.refuseOthers(
                        KNOWN, Set.of(), Map.of("limit", List.of("1"), "after", List.of(""))));
    }

    @Test
    void namesAnUnknownOneAndThoseThatAreKnown() {
        refused(Map.of("phone", List.of("1")), "the query parameter phone is not known here; known: after, limit");
    }

    @Test
    void doesNotRepeatWhatMayBeContactData() {
        refused(Map.of("+49 170 1234567", List.of("")), "the query parameter is not known here; known: after, limit");
        refused(Map.of("", List.of("x")), "the query parameter is not known here; known: after, limit");
    }

    @Test
    void refusesOneThatIsThereTwice() {
        refused(Map.of("limit", List.of("1", "1")), "the query parameter limit occurs more than once");
    }

    @Test
    void passesSeveralValuesOfOneThatMayHaveThem() {
        assertThatNoException()
                .isThrownBy(
                        () -> QueryParameters.refuseOthers(KNOWN, Set.of("after"), Map.of("after", List.of("1", "2"))));
    }

    private static void refused(Map<String, List<String>> query, String detail) {
        assertThatThrownBy(() -> QueryParameters.refuseOthers(KNOWN, Set.of(), query))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().detail()).isEqualTo(detail));
    }
}
