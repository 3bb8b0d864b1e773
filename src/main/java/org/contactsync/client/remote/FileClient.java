package org.contactsync.client.remote;

import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.http.AnswerSize;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Request;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.ImportJson;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.problem.ProblemType;

/** Files of vCards and JSContact, out of the server's book and into it (protocol 4.24 and 4.25). For one thread at a time. */
public final class FileClient {
    private final Exchange exchange;
    private final BookClient book;

    FileClient(Exchange exchange, BookClient book) {
        this.exchange = exchange;
        this.book = book;
    }

    /**
     * An import that the server has accepted.
     *
     * @param task it may wait for its turn yet
     */
    public record Accepted(ReceivedTask task, ImportReport report) {}

    /** The whole book as a file. Some proxies end an answer that was cut off as if it were whole, so its contacts are counted. */
    public byte[] export(String mediaType) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(
                exchange.toList("/v1/book/export")
                        .setHeader("Accept", mediaType + ", application/problem+json;q=0.1")
                        .get()
                        .build(),
                AnswerSize.FILE);
        byte[] file = response.parsed(bytes -> bytes);
        Optional<String> announced = response.headers().firstValue("Contact-Count");
        if (announced.isPresent() && !announced.get().equals(Long.toString(ExportedContacts.count(file)))) {
            throw new ServerRefusal(ServerProblem.found(
                    "incomplete-answer",
                    "The export was cut off: the file should have " + announced.get() + " contacts",
                    "Export again. If it is cut off each time, another device changes the book all the time."));
        }
        return file;
    }

    /**
     * Adds the contacts of a file that one request may have; those at fault do not stop the others. If the server has accepted the request
     * already, because its answer was lost, this waits for the task and then asks for its answer (protocol 7.2).
     */
    public Accepted add(UUID key, String mediaType, byte[] file) throws ServerUnreachable, ServerRefusal {
        Request request = exchange.to("/v1/book/import")
                .header("Content-Type", mediaType)
                .header("Idempotency-Key", "\"" + key + "\"")
                .header(
                        "Prefer",
                        "handling=lenient, wait=" + book.capabilities().waitSeconds())
                .post(file)
                .build();
        Response response = exchange.send(request);
        Optional<String> accepted = inProgress(response);
        if (accepted.isPresent()) {
            Optional<ReceivedTask> task = book.taskClient().task(accepted.get());
            if (task.isPresent()) {
                await(task.get());
            }
            response = exchange.send(request);
        }
        return response.read(json -> new Accepted(
                AnswerReader.task(json),
                ImportJson.of(json).orElseThrow(() -> new IllegalArgumentException("no report of an import"))));
    }

    /** The task of a request that was accepted and has no outcome yet. */
    private static Optional<String> inProgress(Response response) throws ServerRefusal {
        return response.status() == 409 && response.problem().is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS)
                ? response.problem().task()
                : Optional.empty();
    }

    /** The task when it has finished. */
    public ReceivedTask await(ReceivedTask task) throws ServerUnreachable, ServerRefusal {
        return task.state().finished() ? task : book.taskClient().awaitFinished(task);
    }
}
