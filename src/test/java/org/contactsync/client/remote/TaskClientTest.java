package org.contactsync.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskClientTest {
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Protocol 7.4, 8.6: it has no first chunk that could wait for its turn. */
    @Test
    void waitsForTheTurnOfAnUploadWithoutChunks() throws Exception {
        TaskClient ahead = client(Progress.SILENT).taskClient();
        List<Change> puts = MadeBooks.contacts(1, 1).stream()
                .map(made -> (Change) new Change.Put(made.uid(), made.card(), Optional.empty()))
                .toList();
        String upload = open(ahead, TaskKind.INITIAL, 1);
        ahead.chunk(upload, 1, RequestWriter.chunk(TaskKind.INITIAL, puts));
        List<Long> positions = new ArrayList<>();
        TaskClient emptying = client(new Progress() {
                    @Override
                    public void waiting(long position) {
                        positions.add(position);
                        cancel(ahead, upload);
                    }
                })
                .taskClient();

        Reply<ReceivedTask> committed = emptying.commit(open(emptying, TaskKind.REPLACE, 0), true);

        assertThat(positions).containsExactly(1L);
        assertThat(committed)
                .isInstanceOfSatisfying(
                        Reply.Ok.class,
                        ok -> assertThat(((ReceivedTask) ok.value()).state()).isEqualTo(TaskState.DONE));
    }

    private BookClient client(Progress progress) {
        return new BookClient(server.account(), RetryPolicy.DEFAULT, duration -> {}, progress);
    }

    private String open(TaskClient tasks, TaskKind kind, int contacts) throws ServerUnreachable, ServerRefusal {
        UploadPlan plan = new UploadPlan(kind, server.checkCode(), contacts, contacts, Optional.empty(), false);
        Reply<ReceivedTask> opened = tasks.open(UUID.randomUUID(), RequestWriter.of(plan));
        return ((Reply.Ok<ReceivedTask>) opened).value().id();
    }

    private static void cancel(TaskClient tasks, String id) {
        try {
            tasks.cancel(id);
        } catch (ServerUnreachable | ServerRefusal e) {
            throw new AssertionError(e);
        }
    }
}
