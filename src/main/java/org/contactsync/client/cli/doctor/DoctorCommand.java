package org.contactsync.client.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.contactsync.client.cli.server.Folders;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Style;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds out what is wrong. */
@Command(
        name = "doctor",
        description = {
            "Looks for what keeps this client from synchronising, and says what to do: address, connection, clock, token, book, queue,"
                    + " local state, digest tree, folders that sync keeps.",
            "",
            "It changes nothing. The exit code is that of the first bad finding, or 0. --report writes what was found to a file for"
                    + " whoever helps: without contacts, UIDs and tokens."
        })
public final class DoctorCommand extends ServerCommand {
    private static final int SUBJECT = 14;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report for whoever helps; only you can read it.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings;
        try (CommandProgress progress = progress()) {
            findings = new Examination(server(), progress).run();
        }
        if (isJson()) {
            print(json(findings));
        } else {
            findings.forEach(this::show);
            next(findings).forEach(line -> out().println(SafeText.line(line)));
        }
        if (report != null) {
            WholeFile.write(report, text(findings).getBytes(StandardCharsets.UTF_8));
            err().println("The report is in " + SafeText.line(report.toString()) + ". Read it before you send it.");
        }
        return findings.stream()
                .map(Finding::exitCode)
                .filter(code -> code != ExitCode.OK)
                .findFirst()
                .orElse(ExitCode.OK);
    }

    private void show(Finding finding) {
        Style style = switch (finding.level()) {
            case OK -> Style.GOOD;
            case WARNING -> Style.WARNING;
            case BAD -> Style.BAD;
            case SKIPPED -> Style.PLAIN;
        };
        SafeWriter.print(out(), style, padded(word(finding), "warning".length() + 1));
        out().println(padded(finding.subject(), SUBJECT) + SafeText.line(finding.text()));
    }

    private static String word(Finding finding) {
        return finding.level() == Finding.Level.SKIPPED
                ? "-"
                : finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static List<String> next(List<Finding> findings) {
        List<String> steps = findings.stream()
                .flatMap(finding -> finding.next().stream())
                .distinct()
                .toList();
        return steps.isEmpty()
                ? List.of("", "Everything that was looked at is in order.")
                : Stream.concat(
                                Stream.of("", "What to do next:"),
                                steps.stream().map(step -> "  " + step))
                        .toList();
    }

    /** The home directory would name the user. */
    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder("contact-sync doctor, " + Instant.now() + "\n");
        String version = DoctorCommand.class.getPackage().getImplementationVersion();
        text.append("version ")
                .append(version == null ? "(not packaged)" : version)
                .append("\n");
        for (String property : List.of("java.version", "java.vendor", "os.name", "os.version", "os.arch")) {
            text.append(property)
                    .append(' ')
                    .append(System.getProperty(property))
                    .append('\n');
        }
        text.append('\n');
        findings.forEach(finding -> text.append(padded(word(finding), "warning".length() + 1))
                .append(padded(finding.subject(), SUBJECT))
                .append(SafeText.line(finding.text()))
                .append('\n'));
        next(findings).forEach(line -> text.append(SafeText.line(line)).append('\n'));
        return text.toString().replace(Folders.home().toString(), "~");
    }

    private static JsonWriter json(List<Finding> findings) {
        JsonWriter json = new JsonWriter().object().name("findings").array();
        for (Finding finding : findings) {
            json.object()
                    .member("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .member("subject", finding.subject())
                    .member("text", finding.text());
            finding.next().ifPresent(next -> json.member("next", next));
            json.end();
        }
        return json.endArray().end();
    }
}
