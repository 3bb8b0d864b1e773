package org.contactsync.client.remote;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.contactsync.client.http.AnswerSize;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.ImportJson;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.outcome.ReceivedTask;

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

    /** The whole book as a file. */
    public byte[] export(String mediaType) throws ServerUnreachable, ServerRefusal {
        return exchange.send(
                        exchange.toList("/v1/book/export")
                                .setHeader("Accept", mediaType + ", application/problem+json;q=0.1")
                                .GET()
                                .build(),
                        AnswerSize.FILE)
                .parsed(bytes -> bytes);
    }

    /** Adds the contacts of a file that one request may have; those at fault do not stop the others. */
    public Accepted add(UUID key, String mediaType, byte[] file) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to("/v1/book/import")
                .header("Content-Type", mediaType)
                .header("Idempotency-Key", "\"" + key + "\"")
                .header(
                        "Prefer",
                        "handling=lenient, wait=" + book.capabilities().waitSeconds())
                .POST(BodyPublishers.ofByteArray(file))
                .build());
        return response.read(json -> new Accepted(
                AnswerReader.task(json),
                ImportJson.of(json).orElseThrow(() -> new IllegalArgumentException("no report of an import"))));
    }

    /** The task when it has finished. */
    public ReceivedTask await(ReceivedTask task) throws ServerUnreachable, ServerRefusal {
        return task.state().finished() ? task : book.taskClient().awaitFinished(task);
    }
}
