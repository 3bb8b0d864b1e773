package org.contactsync.client.cli.past;

import java.io.IOException;
import java.util.Optional;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Table;
import org.contactsync.client.cli.terminal.Times;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.HistoryClient.Part;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.json.HistoryReader.PastTask;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what changed the book. */
@Command(
        name = "history",
        description = {
            "Shows what changed the book on the server, the latest first.",
            "",
            "restore --seq brings the book back as it was after one of these changes."
        })
public final class HistoryCommand extends ServerCommand {
    @Mixin
    private LimitOption limit = new LimitOption();

    @Option(names = "--before", paramLabel = "SEQ", description = "Only changes before the one with this number.")
    private @Nullable Long before;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        int most = limit.limit();
        if (before != null && before < 0) {
            throw new Complaint(ExitCode.USAGE, "--before has to be a number of at least 0.");
        }
        Part<PastTask> part = ask(client -> client.historyClient().changes(most, Optional.ofNullable(before)));
        if (isJson()) {
            print(json(part));
            return ExitCode.OK;
        }
        Table table =
                new Table("seq", "time", "kind", "device", "contacts", "added or changed", "deleted", "check code");
        part.items()
                .forEach(task -> table.row(
                        task.seq(),
                        Times.of(task.at()),
                        task.kind(),
                        task.device().map(DeviceId::value).orElse("-"),
                        task.count(),
                        task.puts(),
                        task.deletes(),
                        task.after()));
        table.print(out());
        if (part.more()) {
            err().println("There are more: --before "
                    + part.items().get(part.items().size() - 1).seq() + " shows them.");
        }
        return ExitCode.OK;
    }

    private static JsonWriter json(Part<PastTask> part) {
        JsonWriter json = new JsonWriter().object().name("changes").array();
        for (PastTask task : part.items()) {
            json.object()
                    .member("seq", task.seq())
                    .member("at", task.at().toString())
                    .member("kind", task.kind())
                    .member("task", task.task());
            task.device().ifPresent(device -> json.member("device", device.value()));
            json.member("checkCodeBefore", task.before().value())
                    .member("checkCode", task.after().value())
                    .member("count", task.count())
                    .member("put", task.puts())
                    .member("deleted", task.deletes())
                    .end();
        }
        return json.endArray().member("more", part.more()).end();
    }
}
