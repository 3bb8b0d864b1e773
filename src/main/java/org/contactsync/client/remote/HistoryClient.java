package org.contactsync.client.remote;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.http.AnswerSize;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.Reply.Ok;
import org.contactsync.client.http.Reply.Refused;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Request;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.RestorePreview;
import org.contactsync.protocol.json.HistoryReader;
import org.contactsync.protocol.json.HistoryReader.Page;
import org.contactsync.protocol.json.HistoryReader.PastTask;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.request.RestoreTarget;

/** Reads what the server's book was, and brings it back (protocol 4.16 to 4.19). For one thread at a time. */
public final class HistoryClient {
    /** Of one answer (protocol 4.16.1). */
    private static final int MOST_CHANGES = 1_000;

    /** Of one answer (protocol 4.17.1). */
    private static final int MOST_VERSIONS = 200;

    /** A page may be empty and have a next one (protocol 4.18.1); more than this nobody reads. */
    private static final int MOST_PAGES = 2_000;

    private final Exchange exchange;
    private final TaskClient tasks;
    private final int waitSeconds;

    HistoryClient(Exchange exchange, TaskClient tasks, int waitSeconds) {
        this.exchange = exchange;
        this.tasks = tasks;
        this.waitSeconds = waitSeconds;
    }

    /**
     * A part of a list.
     *
     * @param more whether the list goes on
     */
    public record Part<T>(List<T> items, boolean more) {
        public Part {
            items = List.copyOf(items);
        }
    }

    /**
     * What a restore would do.
     *
     * @param now the book's code when it was computed
     */
    public record Planned(RestorePreview preview, CheckCode now) {}

    /**
     * The tasks that changed the book, the latest first.
     *
     * @param before only tasks with a lower seq
     */
    public Part<PastTask> changes(int most, Optional<Long> before) throws ServerUnreachable, ServerRefusal {
        return list(
                "/v1/book/history?limit=" + Math.min(most, MOST_CHANGES)
                        + before.map(seq -> "&before=" + seq).orElse(""),
                most,
                HistoryReader::changes);
    }

    /** What a contact was before it was replaced or deleted, the latest first. */
    public Part<PastVersion> versions(Uid uid, int most) throws ServerUnreachable, ServerRefusal {
        return list(
                ResourcePath.versions(uid) + "?limit=" + Math.min(most, MOST_VERSIONS),
                most,
                json -> HistoryReader.versions(json, "versions"));
    }

    /** The deleted contacts, the latest first. */
    public Part<PastVersion> trash(int most) throws ServerUnreachable, ServerRefusal {
        return list(
                "/v1/book/trash?limit=" + Math.min(most, MOST_VERSIONS),
                most,
                json -> HistoryReader.versions(json, "contacts"));
    }

    /** What a restore of the book would do. */
    public Planned preview(RestoreTarget target) throws ServerUnreachable, ServerRefusal {
        RestoreTarget dryRun = new RestoreTarget(target.checkCode(), target.seq(), target.time(), true);
        Response response = exchange.send(
                exchange.to("/v1/book/restore")
                        .header("Content-Type", "application/json")
                        .post(RequestWriter.of(dryRun))
                        .build(),
                AnswerSize.PAGE);
        return response.read(json -> new Planned(HistoryReader.preview(json), TreeClient.tag(response)));
    }

    /**
     * Makes the book again what it was, and waits until that is done.
     *
     * @param now the code that the book must still have
     * @throws ServerRefusal also if the task fails: the book is unchanged then
     */
    public SyncResult restore(UUID key, RestoreTarget target, CheckCode now) throws ServerUnreachable, ServerRefusal {
        return finished(exchange.to("/v1/book/restore")
                .header("Content-Type", "application/json")
                .header("If-Match", BookClient.quoted(now))
                .header("Idempotency-Key", "\"" + key + "\"")
                .header("Prefer", "wait=" + waitSeconds)
                .post(RequestWriter.of(target)));
    }

    /** Puts the last version of a deleted contact back, and waits until that is done. */
    public SyncResult restore(UUID key, Uid uid) throws ServerUnreachable, ServerRefusal {
        return finished(exchange.to("/v1/book/trash/" + ResourcePath.encoded(uid) + "/restore")
                .header("Idempotency-Key", "\"" + key + "\"")
                .header("Prefer", "wait=" + waitSeconds)
                .post(new byte[0]));
    }

    private SyncResult finished(Request.Builder request) throws ServerUnreachable, ServerRefusal {
        Reply<ReceivedTask> reply = tasks.started(exchange.send(request.build()));
        if (reply instanceof Refused<ReceivedTask> refused) {
            throw new ServerRefusal(refused.problem());
        }
        ReceivedTask task = tasks.awaitFinished(((Ok<ReceivedTask>) reply).value());
        if (task.problem().isPresent()) {
            throw new ServerRefusal(ServerProblem.of(task.problem().get()));
        }
        return task.result()
                .orElseThrow(() -> new ServerRefusal(ServerProblem.found(
                        "task-" + task.state().wireName(),
                        "The task is " + task.state().wireName() + " on the server.",
                        "Run the command again: the book is unchanged.")));
    }

    private <T> Part<T> list(String first, int most, Function<JsonObject, Page<T>> reading)
            throws ServerUnreachable, ServerRefusal {
        List<T> items = new ArrayList<>();
        String path = first;
        for (int pages = 0; ; pages++) {
            Page<T> page = exchange.send(exchange.toList(path).get().build(), AnswerSize.PAGE)
                    .read(reading);
            items.addAll(page.items());
            if (page.next().isEmpty() || items.size() >= most) {
                boolean more = page.next().isPresent() || items.size() > most;
                return new Part<>(items.subList(0, Math.min(most, items.size())), more);
            }
            BookClient.requireProgress(pages < MOST_PAGES);
            path = exchange.follow(page.next().get());
        }
    }
}
