package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.BookClient;
import org.contactsync.client.BookClient.Contents;
import org.contactsync.client.Progress;
import org.contactsync.client.ServerRefusal;
import org.contactsync.client.ServerUnreachable;
import org.contactsync.protocol.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the server's book to a file. */
@Command(
        name = "pull",
        description = "Writes the server's book as JSON, [{\"uid\":…,\"card\":…}…] with JSContact cards.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PullCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--output", paramLabel = "FILE", description = "The file to write; default: standard output.")
    private @Nullable Path output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        Contents contents = contents(server.client(Progress.SILENT));
        JsonWriter json = new JsonWriter().array();
        contents.contacts()
                .forEach((uid, card) -> json.object()
                        .member("uid", uid.value())
                        .name("card")
                        .card(card)
                        .end());
        String text = json.endArray().text() + "\n";
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        } else {
            Files.write(output, text.getBytes(StandardCharsets.UTF_8));
            spec.commandLine()
                    .getErr()
                    .println(contents.contacts().size() + " contacts, check code " + contents.checkCode());
        }
        return ExitCode.OK;
    }

    private static Contents contents(BookClient client) throws Complaint, ServerUnreachable, ServerRefusal {
        boolean cutShort = false;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            CheckCodes codes = new CheckCodes(client.book().checkKey());
            Optional<Contents> contents = client.contents();
            if (contents.isPresent() && contents.get().isWhole(codes)) {
                return contents.get();
            }
            cutShort = contents.isPresent();
        }
        if (cutShort) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    "The server's list of contacts is not complete: it does not have the check code that the server says."
                            + " Nothing was written. Pull again.");
        }
        throw new Complaint(ExitCode.REFUSED, "The book keeps changing. Pull again when the other devices are done.");
    }
}
