package org.contactsync.client.cli.book;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.cli.file.BookFile;
import org.contactsync.client.cli.file.CardName;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Style;
import org.contactsync.client.compare.BookDifference;
import org.contactsync.client.compare.CardDifference;
import org.contactsync.client.compare.ContactDifference;
import org.contactsync.client.compare.ContactDifference.Kind;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.client.state.SyncState;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what differs. */
@Command(
        name = "diff",
        description = {
            "Shows what differs between a file or a folder and the server's book, and why.",
            "",
            "+ is only in the file, - only on the server, ~ in both and different: each field with the server's value and the file's."
                    + " The exit code is 0 if nothing differs, and 1 if something does."
        })
public final class DiffCommand extends ServerCommand {
    private static final int ATTEMPTS = 5;

    /** A picture is a long line of characters. */
    private static final int LONGEST_VALUE = 120;

    @Parameters(
            paramLabel = "FILE",
            description = "vCards, JSON, or a folder of .vcf files, as for push; - for standard input.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Mixin
    private CharsetOption charset = new CharsetOption();

    @Option(names = "--state", paramLabel = "DIR", description = "Where push remembers what was sent, if it was told.")
    private @Nullable Path state;

    private record Compared(List<ContactDifference> differences, long same, CheckCode checkCode) {}

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        BookFile book = BookFile.read(file, charset.charset());
        book.notices().forEach(notice -> err().println("Warning: " + SafeText.line(notice.toString())));
        Optional<SyncState> known =
                StateFile.peek(state == null ? server().stateDirectory() : state, server().account());
        Compared compared = ask(client -> compare(client, book.book(), known));
        if (isJson()) {
            print(json(compared));
        } else {
            compared.differences().forEach(this::show);
            out().println(count(compared, Kind.ADDED) + " only in the file, " + count(compared, Kind.CHANGED)
                    + " different, " + count(compared, Kind.REMOVED) + " only on the server, " + compared.same()
                    + " the same.");
        }
        return compared.differences().isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static Compared compare(BookClient client, PhoneBook phone, Optional<SyncState> state)
            throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            BookHead head = client.book();
            CheckCodes codes = new CheckCodes(head.checkKey());
            if (HashedBook.of(phone, codes).checkCode().equals(head.checkCode())) {
                return new Compared(List.of(), head.count(), head.checkCode());
            }
            KnownBook known = state.filter(saved -> saved.key().equals(head.checkKey()))
                    .map(SyncState::known)
                    .orElse(KnownBook.EMPTY);
            BookDifference difference = new BookDifference(phone, known, codes);
            Optional<CheckCode> said = client.eachContact(difference);
            if (said.equals(Optional.of(difference.checkCode()))) {
                return new Compared(difference.finish(), difference.same(), difference.checkCode());
            }
        }
        throw new Complaint(
                ExitCode.REFUSED,
                "The book keeps changing, or the server's list of contacts is incomplete. Try again when the other devices have"
                        + " finished.");
    }

    private static long count(Compared compared, Kind kind) {
        return compared.differences().stream()
                .filter(each -> each.kind() == kind)
                .count();
    }

    private void show(ContactDifference difference) {
        PrintWriter out = out();
        switch (difference.kind()) {
            case ADDED -> SafeWriter.print(out, Style.GOOD, "+");
            case REMOVED -> SafeWriter.print(out, Style.BAD, "-");
            case CHANGED -> SafeWriter.print(out, Style.WARNING, "~");
        }
        String why = why(difference);
        out.println(" " + SafeText.line(name(difference)) + "  "
                + SafeText.line(difference.uid().value()) + (why.isEmpty() ? "" : "  (" + why + ")"));
        if (difference.kind() == Kind.CHANGED) {
            for (CardDifference.Field field : fields(difference)) {
                out.println("    " + SafeText.line(field.path()) + ": " + shown(field.server()) + " → "
                        + shown(field.file()));
            }
        }
    }

    private static List<CardDifference.Field> fields(ContactDifference difference) {
        return CardDifference.of(
                difference.server().orElseThrow(), difference.file().orElseThrow());
    }

    private static String shown(Optional<String> json) {
        String text = json.orElse("nothing");
        return SafeText.line(text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text);
    }

    private static String name(ContactDifference difference) {
        CanonicalCard card = difference.file().or(difference::server).orElseThrow();
        String name = CardName.of(card);
        return name.isEmpty() ? "(no name)" : name;
    }

    private static String why(ContactDifference difference) {
        return switch (difference.kind()) {
            case ADDED ->
                switch (difference.cause()) {
                    case FILE -> "new in the file";
                    case OTHERS -> "deleted by another device";
                    case BOTH -> "changed in the file, deleted by another device";
                    case UNKNOWN -> "";
                };
            case REMOVED ->
                switch (difference.cause()) {
                    case FILE -> "deleted in the file";
                    case OTHERS -> "added by another device";
                    case BOTH -> "deleted in the file, changed by another device";
                    case UNKNOWN -> "";
                };
            case CHANGED ->
                switch (difference.cause()) {
                    case FILE -> "changed in the file";
                    case OTHERS -> "changed by another device";
                    case BOTH -> "changed in the file and by another device";
                    case UNKNOWN -> "never pushed from here";
                };
        };
    }

    private static JsonWriter json(Compared compared) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", compared.checkCode().value())
                .member("same", compared.same());
        for (Kind kind : Kind.values()) {
            json.name(kind.name().toLowerCase(Locale.ROOT)).array();
            compared.differences().stream().filter(each -> each.kind() == kind).forEach(each -> json(json, each));
            json.endArray();
        }
        return json.end();
    }

    private static void json(JsonWriter json, ContactDifference difference) {
        json.object()
                .member("uid", difference.uid().value())
                .member(
                        "name",
                        CardName.of(difference.file().or(difference::server).orElseThrow()))
                .member("changedBy", difference.cause().name().toLowerCase(Locale.ROOT));
        if (difference.kind() == Kind.CHANGED) {
            json.name("fields").array();
            for (CardDifference.Field field : fields(difference)) {
                json.object().member("path", field.path());
                field.server().ifPresent(value -> json.name("server").raw(value));
                field.file().ifPresent(value -> json.name("file").raw(value));
                json.end();
            }
            json.endArray();
        }
        json.end();
    }
}
