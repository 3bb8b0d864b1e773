package org.contactsync.client.cli.book;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.outcome.ReceivedTask;
import picocli.CommandLine.Command;

/** Shows the book on the server and its queue. */
@Command(
        name = "status",
        description =
                "Shows the book on the server, the tasks in your queue there, and the folders that sync keeps here.",
        mixinStandardHelpOptions = true)
public final class StatusCommand extends ServerCommand {
    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        List<KeptFolder> folders = new KeptFolders(server().stateDirectory()).of(server().account());
        BookHead book;
        List<ReceivedTask> tasks;
        try (CommandProgress progress = progress()) {
            BookClient client = server().client(progress);
            book = client.book();
            tasks = client.tasks();
        }
        if (isJson()) {
            print(json(book, tasks, folders));
            return ExitCode.OK;
        }
        PrintWriter out = out();
        out.println("Contacts    " + book.count());
        out.println("Check code  " + book.checkCode());
        out.println("Sequence    " + book.seq());
        out.println("Queue       " + book.running() + " running, " + book.waiting() + " waiting");
        for (ReceivedTask task : tasks) {
            out.println("  " + task.position() + "  " + SafeText.line(task.kind()) + "  "
                    + task.state().wireName() + "  " + task.id());
        }
        folders.forEach(folder ->
                out.println("Folder      " + SafeText.line(folder.path().toString())));
        return ExitCode.OK;
    }

    private static JsonWriter json(BookHead book, List<ReceivedTask> tasks, List<KeptFolder> folders) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("count", book.count())
                .member("seq", book.seq())
                .member("checkCode", book.checkCode().value())
                .member("running", book.running())
                .member("waiting", book.waiting())
                .name("tasks")
                .array();
        tasks.forEach(task -> json.object()
                .member("id", task.id())
                .member("kind", task.kind())
                .member("state", task.state().wireName())
                .member("position", task.position())
                .end());
        json.endArray().name("folders").array();
        folders.forEach(folder -> json.value(folder.path().toString()));
        return json.endArray().end();
    }
}
