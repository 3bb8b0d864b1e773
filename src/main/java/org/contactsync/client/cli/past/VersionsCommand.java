package org.contactsync.client.cli.past;

import java.io.IOException;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.HistoryClient.Part;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a contact was. */
@Command(
        name = "versions",
        description = {
            "Shows what a contact was before it was changed or deleted, the latest first.",
            "",
            "With --json the cards are shown, too. \"conflict\" marks a version that lost a conflict and never was in the book."
        })
public final class VersionsCommand extends ServerCommand {
    @Parameters(paramLabel = "UID", description = "The UID of the contact, as pull or trash shows it.")
    @SuppressWarnings("NullAway.Init") // required
    private String uid;

    @Mixin
    private LimitOption limit = new LimitOption();

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        int most = limit.limit();
        Uid contact = UidArgument.of(uid);
        Part<PastVersion> part = ask(client -> client.historyClient().versions(contact, most));
        if (isJson()) {
            print(PastVersions.json("versions", part));
            return ExitCode.OK;
        }
        if (part.items().isEmpty()) {
            err().println("There are no earlier versions of this contact.");
            return ExitCode.OK;
        }
        PastVersions.print(out(), part);
        if (part.more()) {
            err().println("There are more: a larger --limit shows them.");
        }
        return ExitCode.OK;
    }
}
