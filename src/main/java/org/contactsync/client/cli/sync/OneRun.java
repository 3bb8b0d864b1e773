package org.contactsync.client.cli.sync;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.device.Step;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncEvent;
import org.contactsync.client.device.SyncListener;
import org.contactsync.client.device.SyncReport;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.queue.QueuedTask;
import org.jspecify.annotations.Nullable;

/** Waits for one task, shows its progress, and gives up when it failed in a way that only time mends. Its events come from other threads. */
final class OneRun implements SyncListener {
    private static final long LOOK_MILLIS = 200;

    /** After so many the other device, or program, does not stop. */
    private static final int MOST_CHANGES = 5;

    /** After so many a file that cannot be read is not one that is just being written. */
    private static final int MOST_HINDRANCES = 2;

    private static final String KEEPS_CHANGING = "keeps-changing";

    private final CommandProgress progress;
    private final FolderBook book;
    private final URI server;
    private boolean uploading;
    private boolean elsewhere;
    private int attempts;
    private int changes;
    private @Nullable String waitingFor;
    private @Nullable String failed;
    private @Nullable Exception broken;

    OneRun(CommandProgress progress, FolderBook book, URI server) {
        this.progress = progress;
        this.book = book;
        this.server = server;
    }

    @Override
    public synchronized void event(SyncEvent event) {
        if (event instanceof SyncEvent.Progress sent) {
            if (uploading) {
                progress.acknowledged(sent.done());
            } else {
                progress.uploading(sent.done(), sent.total());
            }
            uploading = true;
        } else if (event instanceof SyncEvent.StepDone done && done.step() == Step.SENT) {
            progress.uploaded();
            uploading = false;
        } else if (event instanceof SyncEvent.Retrying again) {
            waitingFor = again.reason();
            progress.retrying(++attempts, again.reason(), again.delay());
        } else if (event instanceof SyncEvent.WaitsForProcess) {
            elsewhere = true;
        } else if (event instanceof SyncEvent.DatabaseFailed database) {
            broken = database.reason();
        } else if (event instanceof SyncEvent.Later later
                && !(later.reason().equals(KEEPS_CHANGING) && ++changes < mostChanges())) {
            failed = later.reason();
        }
    }

    private int mostChanges() {
        return book.hindrance().isPresent() ? MOST_HINDRANCES : MOST_CHANGES;
    }

    SyncReport await(SyncClient client, CompletableFuture<SyncReport> report, String options)
            throws Complaint, ServerRefusal {
        while (true) {
            try {
                return report.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                requireDatabase();
                Optional<String> reason = failure(client, options);
                if (reason.isPresent()) {
                    throw complaint(reason.get());
                }
            } catch (CancellationException cancelled) {
                throw new Complaint(ExitCode.REFUSED, "The task was cancelled. Sync again; nothing is lost.");
            } catch (ExecutionException e) {
                throw ended(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Complaint(ExitCode.FAILED, "Interrupted. Sync again; nothing is lost.");
            }
        }
    }

    private synchronized void requireDatabase() throws Complaint {
        if (broken != null) {
            throw unusable(broken);
        }
    }

    /** Of a local database that cannot be read or written. */
    static Complaint unusable(Exception reason) {
        return new Complaint(
                ExitCode.FAILED,
                "What this program remembers of the folder cannot be read or written ("
                        + SafeText.line(String.valueOf(reason.getMessage()))
                        + "). Check that the disk has space and that you have permission, then sync again: nothing is lost.");
    }

    /** Why this run ends without a report; of a task that another process works on, its own failure is in the queue. */
    private synchronized Optional<String> failure(SyncClient client, String options) {
        if (elsewhere && failed == null) {
            failed = client.unfinished().stream()
                    .filter(task -> task.options().equals(options)
                            && !task.isRunning()
                            && task.notBefore().toEpochMilli() > 0)
                    .findFirst()
                    .flatMap(QueuedTask::reason)
                    .orElse(null);
        }
        return Optional.ofNullable(failed);
    }

    private synchronized Complaint complaint(String reason) {
        switch (reason) {
            case "unreachable":
                return new Complaint(
                        ExitCode.UNREACHABLE,
                        "No answer from " + server + (waitingFor == null ? "" : ": " + SafeText.line(waitingFor))
                                + ". Check that the server is running and that --server is correct, then sync again: it continues"
                                + " where it stopped.");
            case "address-book":
                return new Complaint(
                        ExitCode.BAD_FILE,
                        book.failure().map(OneRun::sentence).orElse("The folder cannot be used now.")
                                + " Nothing is lost; sync again.");
            case "unauthorized":
                return new Complaint(
                        ExitCode.UNAUTHORIZED,
                        "The server does not accept the token. Get a new one: contact-sync login. Then sync again.");
            case KEEPS_CHANGING:
                return book.hindrance()
                        .map(file -> new Complaint(
                                ExitCode.BAD_FILE,
                                sentence(file) + " Repair or remove it, then sync again: nothing is lost."))
                        .orElseGet(() -> new Complaint(
                                ExitCode.REFUSED,
                                "The books keep changing. Sync again when the other devices have finished."));
            default:
                return new Complaint(
                        ExitCode.UNREACHABLE,
                        "The server cannot do it now (" + SafeText.line(reason)
                                + "). Sync again later: it continues where it stopped.");
        }
    }

    /** Of a text that may be the end of a sentence. */
    private static String sentence(String reason) {
        String begun = Character.toUpperCase(reason.charAt(0)) + reason.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }

    private static Complaint ended(@Nullable Throwable cause) throws ServerRefusal {
        if (cause instanceof ServerRefusal refusal) {
            throw refusal;
        }
        if (cause instanceof CancellationException) {
            return new Complaint(ExitCode.REFUSED, "The task was cancelled. Sync again; nothing is lost.");
        }
        throw new IllegalStateException("the task failed", cause);
    }
}
