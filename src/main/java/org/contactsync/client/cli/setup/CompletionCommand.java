package org.contactsync.client.cli.setup;

import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script with which a shell completes commands and options.",
            "",
            "bash: source <(contact-sync completion bash). zsh: source <(contact-sync completion zsh), after compinit. install puts it in"
                    + " place."
        },
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
    /** The shells. */
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    @SuppressWarnings("NullAway.Init") // required
    private Shell shell;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(script(spec, shell));
        return ExitCode.OK;
    }

    /** One script for both: it finds out which shell reads it, and needs the start of {@code bashcompinit} in zsh. */
    static String script(CommandSpec any, Shell shell) {
        String script =
                AutoComplete.bash(any.root().name(), any.root().commandLine()).strip();
        return shell == Shell.BASH ? script : "autoload -U +X bashcompinit && bashcompinit\n" + script;
    }
}
