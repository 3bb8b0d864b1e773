package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a newer server may answer that this client does not know. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // made by each test
class NewerServerTest {
    private static final RetryPolicy THREE_TIMES = new RetryPolicy(3, 3, Duration.ZERO, Duration.ZERO);
    private static final String CODE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private HostileServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Protocol 3.1. */
    @Test
    void ignoresMembersThatItDoesNotKnow() throws Exception {
        BookClient client = client(exchange -> HostileServer.answer(exchange, 200, """
                {"count":3,"seq":7,"checkCode":"%s","checkKey":"%s","avatar":{"of":["ada",null,1.5]},
                 "queue":{"running":0,"waiting":1,"oldest":"2026-11-22T10:15:30Z"}}""".formatted(CODE, KEY)));

        BookHead book = client.book();

        assertThat(book.count()).isEqualTo(3);
        assertThat(book.waiting()).isEqualTo(1);
    }

    /** Protocol 4.11.2. */
    @Test
    void takesAnUnknownStateForAnUnfinishedOne() throws Exception {
        BookClient client = client(exchange -> HostileServer.answer(exchange, 200, """
                {"tasks":[{"id":"c7b9d0de-6f2e-8c55-8f0d-2a64d1a8a9f4","kind":"incremental","state":"postponed"}]}"""));

        assertThat(client.tasks())
                .singleElement()
                .extracting(ReceivedTask::state)
                .matches(state -> state.equals(TaskState.RUNNING));
    }

    /** Protocol 5.2: 4xx is not repeated, 5xx is. */
    @ParameterizedTest
    @CsvSource({"422, 1", "409, 1", "500, 3", "503, 3"})
    void treatsAnUnknownProblemByItsStatus(int status, int requests) throws Exception {
        BookClient client = client(exchange -> HostileServer.answer(
                exchange,
                status,
                "{\"type\":\"urn:contact-sync:problem:moon-too-high\",\"title\":\"No\",\"status\":" + status + "}"));

        ServerRefusal refusal = catchThrowableOfType(ServerRefusal.class, client::book);

        assertThat(refusal.problem().code()).isEqualTo("moon-too-high");
        assertThat(server.requests()).hasSize(requests);
    }

    private BookClient client(HttpHandler handler) throws IOException {
        server = new HostileServer(handler);
        return new BookClient(
                new Exchange(server.account(), THREE_TIMES, Pause.SLEEPING, Progress.SILENT), Progress.SILENT);
    }
}
