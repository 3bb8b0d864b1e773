package org.contactsync.client.cli.book;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.cli.file.BookFile;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Computes the check code of a file. */
@Command(
        name = "check-code",
        description = "Prints the check code of a book with exactly these contacts. With --key no server is needed.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class CheckCodeCommand extends ServerCommand {
    @Parameters(paramLabel = "FILE", description = "vCards, JSON or a folder, as for push; - for standard input.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private CharsetOption charset;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The book's check key in base64url (checkKey of GET /v1/book); by default it is read from the server.")
    private @Nullable String key;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        BookFile book = BookFile.read(file, charset.charset());
        PrintWriter err = err();
        book.notices().forEach(notice -> err.println("Warning: " + SafeText.line(notice.toString())));
        CheckCodes codes = new CheckCodes(key());
        BookDigest digest = BookDigest.EMPTY;
        for (Map.Entry<Uid, CanonicalCard> contact : book.book().contacts().entrySet()) {
            digest = digest.plus(codes.entry(contact.getKey(), codes.contentHash(contact.getValue())));
        }
        String code = codes.checkCode(digest).value();
        if (isJson()) {
            print(new JsonWriter()
                    .object()
                    .member("checkCode", code)
                    .member("contacts", digest.count())
                    .end());
        } else {
            out().println(code);
        }
        return ExitCode.OK;
    }

    private CheckKey key() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (key == null) {
            return ask(client -> client.book().checkKey());
        }
        try {
            return CheckKey.ofBase64Url(key);
        } catch (IllegalArgumentException e) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "The key (--key) has to be 43 characters of base64url, the checkKey of GET /v1/book.");
        }
    }
}
