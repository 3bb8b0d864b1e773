package org.contactsync.client.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.Reply.Ok;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Request;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.UploadCommit;

/**
 * Sends and queries sync tasks (protocol §4.3 and §4.8 to §4.13), with one request per method unless the method says otherwise.
 * Refusals that a client acts on are values; others are {@link ServerRefusal}. For one thread at a time.
 */
public final class TaskClient {
    private static final String TASKS = "/v1/sync-tasks";

    /** Below this a body is sent as it is: compressing costs more than it saves. */
    private static final int GZIP_FROM_BYTES = 1024;

    /** Long polls for one task before the client gives up watching: with 55 s each some 20 minutes, an upload's lease. */
    private static final int MOST_POLLS = 24;

    /** RFC 9218; what says nothing has 3. */
    private static final String OF_A_PERSON = "u=2";

    private final Exchange exchange;
    private final BookClient book;
    private final Progress progress;

    TaskClient(Exchange exchange, BookClient book, Progress progress) {
        this.exchange = exchange;
        this.book = book;
        this.progress = progress;
    }

    /** Incremental sync in one request; the task that comes back may wait for its turn yet. */
    public Reply<ReceivedTask> patch(UUID key, CheckCode before, byte[] body, Priority priority)
            throws ServerUnreachable, ServerRefusal {
        Request.Builder request = json("/v1/book/contacts", "PATCH", body)
                .header("If-Match", BookClient.quoted(before))
                .header("Idempotency-Key", "\"" + key + "\"");
        if (priority == Priority.USER) {
            request.header("Priority", OF_A_PERSON);
        }
        return started(exchange.send(request.build()));
    }

    /**
     * Hands over cards that have lost a conflict (protocol 4.3.12).
     *
     * @return whether the server has all of them among its versions now. If not, they are handed over again later, with a new key: a task that
     *     has to wait is accepted without them, and a server of an earlier version knows of none
     */
    public boolean keepLost(UUID key, CheckCode code, List<LostCard> cards) throws ServerUnreachable, ServerRefusal {
        byte[] body = RequestWriter.of(IncrementalSync.ofLost(cards));
        Reply<ReceivedTask> reply = patch(key, code, body, Priority.BACKGROUND);
        if (!(reply instanceof Reply.Ok<ReceivedTask> ok)) {
            return false;
        }
        ReceivedTask task = ok.value();
        if (!task.state().finished()) {
            // There is nothing left in it: it would only take a place in the queue.
            cancel(task.id());
            return false;
        }
        return task.result().filter(result -> result.keptLost() == cards.size()).isPresent();
    }

    public Reply<ReceivedTask> open(UUID key, byte[] body) throws ServerUnreachable, ServerRefusal {
        return started(exchange.send(json(TASKS, "POST", body)
                .header("Idempotency-Key", "\"" + key + "\"")
                .build()));
    }

    /** Sends one chunk; waits while another task holds the queue. */
    public Reply<ChunkAck> chunk(String id, int number, byte[] body) throws ServerUnreachable, ServerRefusal {
        byte[] sent = gzip(body);
        Request request = exchange.to(path(id) + "/chunks/" + number)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .header("Content-Digest", Hashes.contentDigest(sent))
                .put(sent)
                .build();
        return sendInTurn(request).reply(AnswerReader::chunkAck);
    }

    /**
     * Commits an upload. One without chunks waits for its turn here, as the first chunk of another one does. The task that comes back may
     * wait yet.
     */
    public Reply<ReceivedTask> commit(String id, boolean confirmDeletes) throws ServerUnreachable, ServerRefusal {
        byte[] body = RequestWriter.of(new UploadCommit(Optional.empty(), confirmDeletes));
        return started(sendInTurn(json(path(id) + "/commit", "POST", body).build()));
    }

    /** Sends it again for as long as other tasks of the user are ahead. */
    private Response sendInTurn(Request request) throws ServerUnreachable, ServerRefusal {
        for (int attempt = 1; ; attempt++) {
            Response response = exchange.send(request);
            boolean waiting = response.status() == 409 && response.problem().is(ProblemType.TASK_WAITING);
            if (!waiting || attempt == 100 * MOST_POLLS) {
                return response;
            }
            progress.waiting(response.problem().position());
            exchange.waitRetryAfter(response);
        }
    }

    /** Empty when the server does not know the task. */
    public Optional<ReceivedTask> task(String id) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(path(id)).get().build());
        if (response.status() == 404) {
            return Optional.empty();
        }
        return Optional.of(response.read(AnswerReader::task));
    }

    /** Takes a task back; it does not matter when it is finished or forgotten already. */
    public void cancel(String id) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(path(id)).delete().build());
        if (!response.isSuccess() && !Set.of(404, 409, 410).contains(response.status())) {
            throw new ServerRefusal(response.problem());
        }
    }

    /** The user's unfinished tasks, in order. */
    List<ReceivedTask> unfinished() throws ServerUnreachable, ServerRefusal {
        return exchange.send(exchange.to(TASKS).get().build()).read(AnswerReader::tasks);
    }

    /**
     * Waits until the task is finished, with as many requests as that takes.
     *
     * @throws ServerRefusal when it takes longer than an upload of another device may
     */
    public ReceivedTask awaitFinished(ReceivedTask first) throws ServerUnreachable, ServerRefusal {
        ReceivedTask task = first;
        for (int poll = 0; poll < MOST_POLLS && !task.state().finished(); poll++) {
            progress.waiting(task.position());
            Response response = exchange.send(exchange.to(path(task.id()))
                    .header("Prefer", "wait=" + book.capabilities().waitSeconds())
                    .get()
                    .build());
            task = response.read(AnswerReader::task);
        }
        if (task.state().finished()) {
            return task;
        }
        throw new ServerRefusal(ServerProblem.found(
                "task-" + task.state().wireName(),
                "The task is " + task.state().wireName() + " on the server.",
                "Push again: the task is continued or replaced, and nothing is lost."));
    }

    /** The task that a write started, now or when it was sent before (protocol §7.2). */
    Reply<ReceivedTask> started(Response response) throws ServerUnreachable, ServerRefusal {
        if (response.status() == 409 && response.problem().is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS)) {
            Optional<String> id = response.problem().task();
            Optional<ReceivedTask> task = id.isPresent() ? task(id.get()) : Optional.empty();
            if (task.isPresent()) {
                return new Ok<>(task.get());
            }
        }
        return response.reply(AnswerReader::task);
    }

    private Request.Builder json(String path, String method, byte[] body) {
        Request.Builder request = exchange.to(path).header("Content-Type", "application/json");
        if (body.length < GZIP_FROM_BYTES || !method.equals("PATCH")) {
            return request.method(method, body);
        }
        return request.header("Content-Encoding", "gzip").method(method, gzip(body));
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 3 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is written without I/O", e);
        }
        return out.toByteArray();
    }

    private static String path(String id) {
        return TASKS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
