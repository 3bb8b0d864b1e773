package org.contactsync.client.cli.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of one command, in roff with the macros of man(7), from what the command says of itself. */
final class ManualPage {
    private static final String PROGRAM = "contact-sync";

    private final CommandSpec command;
    private final List<String> lines = new ArrayList<>();

    private ManualPage(CommandSpec command) {
        this.command = command;
    }

    /** The pages of a program and all its commands, by the names of their files. */
    static Map<String, String> all(CommandSpec program) {
        Map<String, String> pages = new TreeMap<>();
        collect(program, pages);
        return pages;
    }

    private static void collect(CommandSpec command, Map<String, String> pages) {
        if (command.name().equals("help")) {
            return;
        }
        pages.put(title(command) + ".1", of(command));
        command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec(), pages));
    }

    static String of(CommandSpec command) {
        return new ManualPage(command).text();
    }

    private static String title(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private String text() {
        String[] description = command.usageMessage().description();
        lines.add(".TH \"" + title(command).toUpperCase(Locale.ROOT) + "\" \"1\" \"\" \"" + PROGRAM + "\"");
        section("NAME", escaped(title(command)) + " \\- " + escaped(description.length == 0 ? "" : description[0]));
        section("SYNOPSIS", ".B " + escaped(synopsis()));
        lines.add(".SH DESCRIPTION");
        paragraphs(description);
        arguments();
        commands();
        exitCodes();
        if (command.parent() != null) {
            section("SEE ALSO", ".BR " + escaped(PROGRAM) + " (1)");
        }
        return String.join("\n", lines) + "\n";
    }

    private String synopsis() {
        return new Help(command, Help.defaultColorScheme(Help.Ansi.OFF))
                .synopsis(0)
                .replaceAll("\\s+", " ")
                .strip();
    }

    private void arguments() {
        List<ArgSpec> all = Stream.concat(command.positionalParameters().stream(), command.options().stream())
                .filter(each -> !each.hidden())
                .toList();
        if (all.isEmpty()) {
            return;
        }
        lines.add(".SH OPTIONS");
        for (ArgSpec each : all) {
            lines.add(".TP");
            lines.add(".B " + escaped(names(each)));
            paragraphs(each.renderedDescription());
        }
    }

    private static String names(ArgSpec each) {
        if (!(each instanceof OptionSpec option)) {
            return each.paramLabel();
        }
        String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
        return String.join(", ", option.names()) + value;
    }

    private void commands() {
        if (command.subcommands().isEmpty()) {
            return;
        }
        lines.add(".SH COMMANDS");
        command.subcommands().forEach((name, sub) -> {
            String[] description = sub.getCommandSpec().usageMessage().description();
            lines.add(".TP");
            lines.add(".B " + escaped(name));
            lines.add(guarded(escaped(description.length == 0 ? "" : description[0])));
        });
    }

    private void exitCodes() {
        Map<String, String> codes = command.root().usageMessage().exitCodeList();
        if (codes.isEmpty()) {
            return;
        }
        lines.add(".SH EXIT STATUS");
        codes.forEach((code, meaning) -> {
            lines.add(".TP");
            lines.add(".B " + escaped(code));
            lines.add(guarded(escaped(meaning)));
        });
    }

    private void section(String head, String text) {
        lines.add(".SH " + head);
        lines.add(text);
    }

    /** An empty line begins a paragraph. */
    private void paragraphs(String[] description) {
        lines.addAll(Stream.of(description)
                .map(line -> line.isEmpty() ? ".PP" : guarded(escaped(line)))
                .toList());
    }

    /** A hyphen that can be copied, and no escape of roff. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }

    /** A line that begins with a dot or an apostrophe would be a request. */
    private static String guarded(String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }
}
