package org.contactsync.client.cli.past;

import java.io.IOException;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.HistoryClient.Part;
import org.contactsync.protocol.PastVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows deleted contacts. */
@Command(
        name = "trash",
        description = "Shows the contacts that were deleted, the latest first. restore UID puts one of them back.")
public final class TrashCommand extends ServerCommand {
    @Mixin
    private LimitOption limit = new LimitOption();

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        int most = limit.limit();
        Part<PastVersion> part = ask(client -> client.historyClient().trash(most));
        if (isJson()) {
            print(PastVersions.json("contacts", part));
            return ExitCode.OK;
        }
        if (part.items().isEmpty()) {
            err().println("The trash is empty.");
            return ExitCode.OK;
        }
        PastVersions.print(out(), part);
        if (part.more()) {
            err().println("There are more: a larger --limit shows them.");
        }
        return ExitCode.OK;
    }
}
