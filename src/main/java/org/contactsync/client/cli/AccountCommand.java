package org.contactsync.client.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What concerns everything that the server has of the user. */
@Command(
        name = "account",
        description = "Takes along, or erases, everything that the server has of you.",
        subcommands = {AccountExportCommand.class, EraseCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class AccountCommand {}
