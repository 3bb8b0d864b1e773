package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.device.Rung;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncEvent;
import org.contactsync.client.device.SyncListener;
import org.contactsync.client.device.SyncReport;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.protocol.json.JsonWriter;

/** What happens, a line for each event: in words for a person, or as JSON for a program. Called by the thread that works. */
final class EventLines implements SyncListener {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintWriter out;
    private final boolean json;
    private final Clock clock;
    private final FolderBook book;
    private final SyncClient client;
    private final ConflictCopies copies;

    EventLines(PrintWriter out, boolean json, Clock clock, FolderBook book, SyncClient client, ConflictCopies copies) {
        this.out = out;
        this.json = json;
        this.clock = clock;
        this.book = book;
        this.client = client;
        this.copies = copies;
    }

    @Override
    public void event(SyncEvent event) {
        if (json) {
            tellProgram(event);
        } else {
            text(event).ifPresent(this::line);
        }
        if (event instanceof SyncEvent.Finished) {
            tellConflicts();
        }
    }

    /** A line with the time before it. */
    void line(String text) {
        out.println(TIME.format(clock.instant().atZone(ZoneId.systemDefault())) + "  " + SafeText.line(text));
    }

    private void tellConflicts() {
        try {
            Optional<ConflictCopies.Told> told = copies.take(client);
            if (json) {
                told.ifPresent(each -> print(begin("conflicts")
                        .member("contacts", each.copies().size())
                        .member("conflictFile", each.file().toString())));
            } else {
                told.ifPresent(each -> line(each.textWithoutNames()));
            }
        } catch (IOException e) {
            line("The other versions of contacts cannot be written: " + Failure.reason(e)
                    + ". They are kept, and written later.");
        }
    }

    /** Empty for what a person does not need to know. */
    private Optional<String> text(SyncEvent event) {
        if (event instanceof SyncEvent.Finished finished) {
            return Optional.of(finished(finished.report()));
        }
        if (event instanceof SyncEvent.Later later) {
            return Optional.of("Not done: " + reason(later.reason()) + ". Tries again at "
                    + TIME.format(later.task().notBefore().atZone(ZoneId.systemDefault())) + ".");
        }
        if (event instanceof SyncEvent.Failed failed) {
            return Optional.of(
                    "Failed: " + String.join(" ", Failure.of(failed.reason()).lines()));
        }
        if (event instanceof SyncEvent.Retrying again) {
            return Optional.of(
                    "Waiting for the server: " + again.reason() + "; again in " + seconds(again.delay()) + ".");
        }
        if (event instanceof SyncEvent.Climbed climbed) {
            return Optional.of(climbed(climbed.rung()));
        }
        if (event instanceof SyncEvent.DatabaseFailed database) {
            return Optional.of("Not done: what this program remembers of the folder cannot be read or written ("
                    + database.reason().getMessage() + "). Tries again every second.");
        }
        return event instanceof SyncEvent.WaitsForProcess
                ? Optional.of("Another contact-sync works on this folder; this one takes over when that one ends.")
                : Optional.empty();
    }

    private static String finished(SyncReport report) {
        Optional<String> question = Results.question(report.outcome());
        if (question.isPresent()) {
            return Results.counts(report) + ". " + question.get();
        }
        return report.sent() + report.brought() + report.conflicts() == 0
                ? "No changes."
                : Results.counts(report) + ".";
    }

    private String reason(String code) {
        return switch (code) {
            case "unreachable" -> "no answer from the server";
            case "address-book" -> book.failure().orElse("the folder cannot be used now");
            case "unauthorized" -> "the server does not accept the token; run contact-sync login";
            case "keeps-changing" -> book.hindrance().orElse("the books keep changing");
            default -> "the server cannot do it now (" + code + ")";
        };
    }

    private static String climbed(Rung rung) {
        return switch (rung) {
            case REBASE -> "Another device was faster; its changes are taken over first.";
            case TREE -> "The books differ, and nobody knows why; comparing them.";
            case FULL_UPLOAD -> "The books still differ; sending the whole book.";
        };
    }

    private static String seconds(Duration delay) {
        return String.format(Locale.ROOT, "%.1f s", delay.toMillis() / 1000.0);
    }

    private void tellProgram(SyncEvent event) {
        if (event instanceof SyncEvent.Added added) {
            print(task(begin("added"), added.task()));
        } else if (event instanceof SyncEvent.Started started) {
            print(task(begin("started"), started.task()));
        } else if (event instanceof SyncEvent.StepDone done) {
            print(begin("step").member("step", word(done.step())));
        } else if (event instanceof SyncEvent.Progress sent) {
            print(begin("progress").member("done", sent.done()).member("total", sent.total()));
        } else if (event instanceof SyncEvent.Retrying again) {
            print(begin("retrying")
                    .member("reason", again.reason())
                    .member("milliseconds", again.delay().toMillis()));
        } else if (event instanceof SyncEvent.Climbed climbed) {
            print(begin("repairing").member("way", word(climbed.rung())));
        } else if (event instanceof SyncEvent.Conflicted conflicted) {
            print(begin("conflict").member("uid", conflicted.contact().value()));
        } else if (event instanceof SyncEvent.Finished finished) {
            JsonWriter line = task(begin("finished"), finished.task());
            Results.write(line, finished.report(), Optional.empty());
            print(line);
        } else if (event instanceof SyncEvent.Later later) {
            print(task(begin("later"), later.task()));
        } else if (event instanceof SyncEvent.Failed failed) {
            print(task(begin("failed"), failed.task())
                    .member("text", String.join(" ", Failure.of(failed.reason()).lines())));
        } else if (event instanceof SyncEvent.WaitsForProcess) {
            print(begin("waits-for-process"));
        } else if (event instanceof SyncEvent.DatabaseFailed database) {
            print(begin("database-failed")
                    .member("text", String.valueOf(database.reason().getMessage())));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static JsonWriter task(JsonWriter json, QueuedTask task) {
        json.member("task", task.id());
        return QueueCommand.write(json, task);
    }

    /** An object with the event and its time; {@link #print} ends it. */
    JsonWriter begin(String event) {
        return new JsonWriter()
                .object()
                .member("event", event)
                .member("time", clock.instant().toString());
    }

    void print(JsonWriter line) {
        out.println(line.end().text());
    }
}
