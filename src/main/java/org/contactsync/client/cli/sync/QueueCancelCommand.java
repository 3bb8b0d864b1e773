package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a task back that waits. */
@Command(
        name = "cancel",
        description =
                "Takes back a task that waits: it is not tried again. Nothing is lost; the next sync finds what differs.")
final class QueueCancelCommand extends QueuedTasks {
    @Parameters(index = "0", paramLabel = "ID", description = "Its number, as queue shows it.")
    private long id;

    @Parameters(index = "1", arity = "0..1", paramLabel = "FOLDER|FILE", description = WHICH)
    private @Nullable Path place;

    @Override
    public Integer call() throws IOException, Complaint {
        List<Unfinished> found = unfinished(Optional.ofNullable(place)).stream()
                .filter(each -> each.task().id() == id)
                .toList();
        if (found.isEmpty()) {
            throw new Complaint(ExitCode.REFUSED, "There is no unfinished task " + id + ".");
        }
        if (found.size() > 1) {
            throw new Complaint(ExitCode.USAGE, "Several folders have a task " + id + ": name the folder, too.");
        }
        Unfinished one = found.get(0);
        try (SyncClient client = opened(one.folder(), server().account())) {
            if (!client.cancel(one.task())) {
                throw new Complaint(
                        ExitCode.BUSY,
                        "The task is running. End the sync or watch that works on it: nothing is half done then.");
            }
        }
        if (isJson()) {
            print(new JsonWriter().object().member("cancelled", id).end());
        } else {
            out().println("Cancelled.");
        }
        return ExitCode.OK;
    }
}
