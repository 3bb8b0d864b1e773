package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.LookupJson;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows whose numbers these are. */
@Command(
        name = "lookup",
        description = "Shows whose phone numbers these are, or searches by name.",
        mixinStandardHelpOptions = true)
final class LookupCommand extends ServerCommand {
    private static final int MOST_NUMBERS = 50;
    private static final int NAMES = 20;

    @Parameters(
            arity = "1..*",
            paramLabel = "NUMBER",
            description =
                    "A phone number as it is dialled, or a tel: or sip: address; with --name the beginnings of words.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> numbers;

    @Option(
            names = "--region",
            paramLabel = "CODE",
            description = "The country that national numbers belong to, such as DE.")
    private @Nullable String region;

    @Option(names = "--name", description = "Search by name instead.")
    private boolean byName;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (numbers.size() > MOST_NUMBERS) {
            throw new Complaint(ExitCode.USAGE, "At most " + MOST_NUMBERS + " numbers at once.");
        }
        PrintWriter out = out();
        if (byName) {
            NameAnswer answer = ask(client -> client.lookupClient().names(String.join(" ", numbers), NAMES));
            if (isJson()) {
                print(json(answer));
                return ExitCode.OK;
            }
            answer.found().forEach(found -> show(out, found.name(), found.uid().value(), "", found.marks()));
            if (answer.more()) {
                out.println("There are more: type more letters.");
            }
            return ExitCode.OK;
        }
        List<PhoneAnswer> answers = ask(client -> client.lookupClient().phones(numbers, Optional.ofNullable(region)));
        if (isJson()) {
            JsonWriter json = new JsonWriter();
            LookupJson.phones(json, answers, Optional.empty());
            print(json);
            return ExitCode.OK;
        }
        answers.forEach(answer -> show(out, answer));
        return ExitCode.OK;
    }

    private static JsonWriter json(NameAnswer answer) {
        JsonWriter json = new JsonWriter().object().name("contacts").array();
        answer.found().forEach(found -> {
            json.object()
                    .member("uid", found.uid().value())
                    .member("name", found.name())
                    .name("marks")
                    .array();
            new TreeSet<>(found.marks()).forEach(mark -> json.value(mark.wireName()));
            json.endArray().end();
        });
        return json.endArray().member("more", answer.more()).end();
    }

    private static void show(PrintWriter out, PhoneAnswer answer) {
        out.println(SafeText.line(answer.international().orElse(answer.phone()))
                + (answer.blocked() ? " (blocked by the operator)" : "")
                + (answer.matches().isEmpty() ? ": nobody" : ""));
        answer.matches()
                .forEach(match -> show(
                        out,
                        match.name(),
                        match.uid().value(),
                        match.closeness().equals("exact")
                                ? match.label()
                                : (match.label() + " " + match.closeness() + " match").strip(),
                        match.marks()));
    }

    private static void show(PrintWriter out, String name, String uid, String label, Set<Mark> marks) {
        StringBuilder line = new StringBuilder("  ").append(SafeText.line(name.isEmpty() ? "(no name)" : name));
        if (!label.isEmpty()) {
            line.append(", ").append(SafeText.line(label));
        }
        new TreeSet<>(marks).forEach(mark -> line.append(", ").append(mark.wireName()));
        out.println(line.append("  ").append(SafeText.line(uid)));
    }
}
