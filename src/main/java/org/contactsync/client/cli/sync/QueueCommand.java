package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Table;
import org.contactsync.client.cli.terminal.Times;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what is unfinished. */
@Command(
        name = "queue",
        description = {
            "Shows what sync and watch have not finished on this machine: how often it was tried, when it is tried again, and why it"
                    + " failed. status shows the queue of the server."
        },
        subcommands = QueueCancelCommand.class)
public final class QueueCommand extends QueuedTasks {
    @Parameters(arity = "0..1", paramLabel = "FOLDER|FILE", description = WHICH)
    private @Nullable Path place;

    @Override
    public Integer call() throws IOException, Complaint {
        List<Unfinished> all = unfinished(Optional.ofNullable(place));
        if (isJson()) {
            JsonWriter json = new JsonWriter().object().name("tasks").array();
            for (Unfinished each : all) {
                json.object()
                        .member("id", each.task().id())
                        .member("folder", each.folder().path().toString());
                write(json, each.task()).end();
            }
            print(json.endArray().end());
        } else if (all.isEmpty()) {
            out().println("Nothing is unfinished.");
        } else {
            Table table = new Table("id", "folder", "task", "state", "attempts", "next attempt", "last failure");
            all.forEach(each -> table.row(
                    each.task().id(),
                    each.folder().path(),
                    confirms(each.task()) ? "sync, deletions confirmed" : "sync",
                    each.task().isRunning() ? "running" : "waiting",
                    each.task().attempts(),
                    next(each.task()),
                    each.task().reason().orElse("-")));
            table.print(out());
        }
        return ExitCode.OK;
    }

    private static String next(QueuedTask task) {
        if (task.isRunning()) {
            return "-";
        }
        return task.notBefore().isAfter(Instant.now()) ? Times.of(task.notBefore()) : "with the next sync or watch";
    }

    private static boolean confirms(QueuedTask task) {
        return !task.options().isEmpty();
    }

    /** Members of an object that is begun. */
    static JsonWriter write(JsonWriter json, QueuedTask task) {
        json.member("kind", task.kind())
                .member("confirmsDeletes", confirms(task))
                .member("ofPerson", task.priority() == Priority.USER)
                .member("running", task.isRunning())
                .member("attempts", task.attempts());
        if (task.notBefore().isAfter(Instant.EPOCH)) {
            json.member("notBefore", task.notBefore().toString());
        }
        task.reason().ifPresent(reason -> json.member("reason", reason));
        return json;
    }
}
