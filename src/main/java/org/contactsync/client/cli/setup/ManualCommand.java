package org.contactsync.client.cli.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints manual pages. */
@Command(
        name = "manual",
        description = {
            "Prints the manual page of the program, or of a command, for man: contact-sync manual push | man -l -.",
            "",
            "install puts all pages in place."
        },
        mixinStandardHelpOptions = true)
public final class ManualCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, such as push or account erase.")
    private List<String> names = List.of();

    @Option(names = "--all", paramLabel = "DIR", description = "Write the pages of all commands into this folder.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException, Complaint {
        if (folder != null) {
            writeAll(spec.root(), folder);
            return ExitCode.OK;
        }
        CommandSpec command = spec.root();
        for (String name : names) {
            CommandLine next = command.subcommands().get(name);
            if (next == null) {
                throw new Complaint(ExitCode.USAGE, "There is no command " + String.join(" ", names) + ".");
            }
            command = next.getCommandSpec();
        }
        spec.commandLine().getOut().print(ManualPage.of(command));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    static void writeAll(CommandSpec program, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> page : ManualPage.all(program).entrySet()) {
            Files.writeString(folder.resolve(page.getKey()), page.getValue(), StandardCharsets.UTF_8);
        }
    }
}
