package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.AccountClient;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.account.Installation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the user's devices, or forgets one. */
@Command(
        name = "devices",
        description = "Shows your devices and when the server last saw them.",
        mixinStandardHelpOptions = true)
final class DevicesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Option(names = "--forget", paramLabel = "NAME", description = "Remove this device from the list instead.")
    private @Nullable String forgotten;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        PrintWriter out = spec.commandLine().getOut();
        List<Installation> devices;
        try (CommandProgress progress = server.progress(spec.commandLine().getErr())) {
            AccountClient client = server.client(progress).accountClient();
            if (forgotten != null) {
                if (!client.forget(device(forgotten))) {
                    throw new Complaint(ExitCode.REFUSED, "The server knows no such device.");
                }
                return ExitCode.OK;
            }
            devices = client.devices();
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
