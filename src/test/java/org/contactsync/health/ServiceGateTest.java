package org.contactsync.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.health.ServiceGate.Need;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceGateTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /v1/book, , DATABASE",
        "HEAD, v1/book, , DATABASE",
        "GET, //v1/sync-tasks/x, , DATABASE",
        "PATCH, /v1/book/contacts, , DATABASE_AND_BROKER",
        "PATCH, /v1/book/contacts, wait=5, DATABASE_AND_BROKER",
        "PATCH, /v1/book/contacts, 'wait=5, Respond-Async', DATABASE",
        "POST, /v1/sync-tasks, respond-async, DATABASE_AND_BROKER",
        "PUT, /v1/sync-tasks/x/chunks/1, , DATABASE_AND_BROKER",
        "DELETE, /v1/sync-tasks/x, , DATABASE_AND_BROKER",
        "POST, /admin/v1/failed-tasks/x/retry, , DATABASE",
        "GET, /v1/capabilities, , NOTHING",
        "GET, /, , NOTHING",
        "POST, /dev/tokens, , NOTHING",
    })
    void knowsWhatARequestNeeds(String method, String path, @Nullable String prefer, Need need) {
        assertThat(ServiceGate.need(method, path, prefer)).isEqualTo(need);
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "OPTIONS, true", "DELETE, true", "PATCH, false", "POST, false", "PUT, false"
    })
    void readsAndEndsThingsWithoutRoomOnTheDisk(String method, boolean without) {
        assertThat(ServiceGate.needsNoRoom(method)).isEqualTo(without);
    }

    @Test
    void whatWasNeverAskedIsNeitherThereNorAway() {
        LastAnswer answer = new LastAnswer(() -> 0);
        assertThat(answer.good()).isFalse();
        assertThat(answer.away()).isFalse();
    }

    @Test
    void anAnswerIsGoodUntilTheNextOneOrUntilItIsOld() {
        AtomicLong nanos = new AtomicLong(-5);
        LastAnswer answer = new LastAnswer(nanos::get);
        answer.record(true);
        assertThat(answer.good()).isTrue();
        assertThat(answer.away()).isFalse();
        nanos.addAndGet(LastAnswer.MAX_AGE.toNanos() + 1);
        assertThat(answer.good()).isFalse();
        assertThat(answer.away()).isTrue();
        answer.record(true);
        assertThat(answer.away()).isFalse();
        answer.record(false);
        assertThat(answer.good()).isFalse();
        assertThat(answer.away()).isTrue();
    }
}
