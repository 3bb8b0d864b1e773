package org.contactsync.client.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.contactsync.client.cli.book.CheckCodeCommand;
import org.contactsync.client.cli.book.DiffCommand;
import org.contactsync.client.cli.book.PullCommand;
import org.contactsync.client.cli.book.PushCommand;
import org.contactsync.client.cli.book.StatusCommand;
import org.contactsync.client.cli.doctor.DoctorCommand;
import org.contactsync.client.cli.login.LoginCommand;
import org.contactsync.client.cli.past.HistoryCommand;
import org.contactsync.client.cli.past.RestoreCommand;
import org.contactsync.client.cli.past.TrashCommand;
import org.contactsync.client.cli.past.VersionsCommand;
import org.contactsync.client.cli.server.ServerOptions;
import org.contactsync.client.cli.setup.CompletionCommand;
import org.contactsync.client.cli.setup.InstallCommand;
import org.contactsync.client.cli.setup.ManualCommand;
import org.contactsync.client.cli.sync.QueueCommand;
import org.contactsync.client.cli.sync.SyncCommand;
import org.contactsync.client.cli.sync.WatchCommand;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.StandardOutput;
import org.contactsync.client.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program. */
@Command(
        name = "contact-sync",
        description = "Keeps the contact book of your phone the same on the server.",
        subcommands = {
            SyncCommand.class,
            WatchCommand.class,
            QueueCommand.class,
            PushCommand.class,
            PullCommand.class,
            StatusCommand.class,
            DiffCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            LookupCommand.class,
            HistoryCommand.class,
            TrashCommand.class,
            VersionsCommand.class,
            RestoreCommand.class,
            DevicesCommand.class,
            AccountCommand.class,
            CheckCodeCommand.class,
            TokenCommand.class,
            LoginCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            ManualCommand.class,
            InstallCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = ContactSync.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server refused, the books do not agree, or you have to confirm",
            "2:wrong command line",
            "3:no answer from the server",
            "4:the file cannot be read, or is not a contact book",
            "5:the token is missing, has expired or is not accepted",
            "6:another contact-sync works on the same book",
            "70:failed for another reason"
        },
        footerHeading = "%nExample:%n",
        footer = {"  contact-sync login --user ada", "  contact-sync push contacts.vcf"})
public final class ContactSync {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of errors.")
    private boolean verbose;

    private ContactSync() {}

    public static void main(String[] arguments) {
        StandardOutput out = new StandardOutput();
        PrintWriter err = utf8(System.err);
        System.exit(out.end(run(System.getenv(), out.writer(), err, arguments), err));
    }

    /** Books and names are UTF-8 wherever they go, also where the system's own is something else. */
    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /**
     * Runs one command.
     *
     * @param environment where {@code CONTACT_SYNC_TOKEN} and the like are looked up
     * @return one of {@link ExitCode}
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        ContactSync program = new ContactSync();
        SafeWriter safeErr = new SafeWriter(err);
        try {
            return new CommandLine(program, new Commands(environment))
                    .setOut(new SafeWriter(out, Terminal.isColoured(environment)))
                    .setErr(safeErr)
                    .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler((e, all) -> wrongArguments(e))
                    .setExecutionExceptionHandler((e, command, result) -> program.explain(e, safeErr))
                    .execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError e) {
            return program.explain(e, safeErr);
        }
    }

    private int explain(Throwable e, PrintWriter err) {
        if (verbose) {
            e.printStackTrace(err);
        }
        Failure failure = Failure.of(e);
        failure.lines().forEach(err::println);
        return failure.exitCode();
    }

    /** What is wrong and where the help is; the help itself would hide it. */
    private static int wrongArguments(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String message = SafeText.line(String.valueOf(e.getMessage()));
        err.println(message.endsWith(".") ? message : message + ".");
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.USAGE;
    }

    /** The version that the jar's manifest states. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ContactSync.class.getPackage().getImplementationVersion();
            return new String[] {"contact-sync " + (version == null ? "(not packaged)" : version)};
        }
    }

    /** Makes the commands, those that look at the environment with it. */
    private record Commands(Map<String, String> environment) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == ServerOptions.class) {
                return type.cast(new ServerOptions(environment));
            }
            if (type == InstallCommand.class) {
                return type.cast(new InstallCommand(environment));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
