package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.json.AccountJson;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the user's devices, or forgets one. */
@Command(
        name = "devices",
        description = "Shows your devices and when the server last saw them.",
        mixinStandardHelpOptions = true)
final class DevicesCommand extends ServerCommand {
    @Option(names = "--forget", paramLabel = "NAME", description = "Remove this device from the list instead.")
    private @Nullable String forgotten;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        PrintWriter out = out();
        if (forgotten != null) {
            DeviceId device = device(forgotten);
            if (!ask(client -> client.accountClient().forget(device))) {
                throw new Complaint(ExitCode.REFUSED, "The server knows no such device.");
            }
            if (isJson()) {
                print(new JsonWriter()
                        .object()
                        .member("forgotten", device.value())
                        .end());
            }
            return ExitCode.OK;
        }
        List<Installation> devices = ask(client -> client.accountClient().devices());
        if (isJson()) {
            print(new JsonWriter().raw(AccountJson.devices(devices)));
            return ExitCode.OK;
        }
        if (devices.isEmpty()) {
            out.println("No devices.");
        }
        for (Installation device : devices) {
            out.println(SafeText.line(device.id().value()) + "  " + device.seenAt() + "  "
                    + device.last().wireName()
                    + device.state()
                            .map(state -> "  seq " + state.seq() + "  " + state.code())
                            .orElse(""));
        }
        return ExitCode.OK;
    }

    private static DeviceId device(String name) throws Complaint {
        try {
            return new DeviceId(name);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
