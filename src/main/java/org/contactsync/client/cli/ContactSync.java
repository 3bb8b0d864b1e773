package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import org.contactsync.client.ServerRefusal;
import org.contactsync.client.ServerUnreachable;
import org.contactsync.vcard.UnreadableBook;
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
            PushCommand.class,
            PullCommand.class,
            StatusCommand.class,
            CheckCodeCommand.class,
            TokenCommand.class,
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
            "4:the file is not a contact book",
            "5:the token is missing or not accepted",
            "6:another contact-sync works on the same book",
            "70:failed for another reason"
        },
        footerHeading = "%nExample:%n",
        footer = {"  export CONTACT_SYNC_TOKEN=$(contact-sync token --user ada)", "  contact-sync push contacts.vcf"})
public final class ContactSync {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of errors.")
    private boolean verbose;

    private ContactSync() {}

    public static void main(String[] arguments) {
        System.exit(
                run(System.getenv(), new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /**
     * Runs one command.
     *
     * @param environment where {@code CONTACT_SYNC_TOKEN} and the like are looked up
     * @return one of {@link ExitCode}
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        ContactSync program = new ContactSync();
        return new CommandLine(program, new Commands(environment))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, result) -> program.explain(e, command))
                .execute(arguments);
    }

    private int explain(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        if (verbose) {
            e.printStackTrace(err);
        }
        if (e instanceof Complaint complaint) {
            err.println(complaint.getMessage());
            return complaint.exitCode();
        }
        if (e instanceof UnreadableBook) {
            err.println(e.getMessage());
            return ExitCode.BAD_FILE;
        }
        if (e instanceof ServerUnreachable) {
            err.println(
                    e.getMessage() + ". Is the server running, and is --server right? Then run the same command again: "
                            + "it goes on where it stopped.");
            return ExitCode.UNREACHABLE;
        }
        if (e instanceof ServerRefusal refusal) {
            err.println("The server refused: " + refusal.problem());
            return refusal.problem().status() == 401 ? ExitCode.UNAUTHORIZED : ExitCode.REFUSED;
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        err.println((e instanceof IOException ? "" : "Unexpected: ")
                + message
                + (verbose ? "" : " (--verbose shows more)"));
        return ExitCode.FAILED;
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
            return type == ServerOptions.class
                    ? type.cast(new ServerOptions(environment))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
