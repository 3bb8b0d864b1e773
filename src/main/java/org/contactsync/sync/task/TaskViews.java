package org.contactsync.sync.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.sync.book.BookState;

/** Makes the views of tasks for their owner. Thread-safe. */
public final class TaskViews {
    private final Tasks tasks;

    public TaskViews(Tasks tasks) {
        this.tasks = tasks;
    }

    public TaskView of(BookState book, SyncTask task) {
        return view(book, task, position(book, task));
    }

    /** All unfinished tasks: first the upload that has the hold, then waiting tasks, then uploads that have not started. */
    public List<TaskView> unfinished(BookState book) {
        List<SyncTask> uploads = tasks.uploads(book.id());
        List<TaskView> views = new ArrayList<>();
        uploads.stream().filter(task -> book.heldBy(task.id())).forEach(task -> views.add(view(book, task, 0)));
        for (SyncTask task : WaitingOrder.of(tasks.waiting(book.id()))) {
            views.add(view(book, task, views.size()));
        }
        uploads.stream()
                .filter(task -> !book.heldBy(task.id()))
                .forEach(task -> views.add(view(book, task, position(book, task))));
        return views;
    }

    private int position(BookState book, SyncTask task) {
        if (task.state().finished() || book.heldBy(task.id())) {
            return 0;
        }
        int ahead = book.hold().isPresent() ? 1 : 0;
        if (task.state() == TaskState.RECEIVING) {
            return ahead + book.openTasks();
        }
        return ahead
                + (int) WaitingOrder.of(tasks.waiting(book.id())).stream()
                        .takeWhile(other -> !other.id().equals(task.id()))
                        .count();
    }

    private static TaskView view(BookState book, SyncTask task, int position) {
        Optional<TaskView.Upload> upload = task.upload()
                .map(progress -> new TaskView.Upload(
                        progress.nextChunk(),
                        progress.plan().chunks(),
                        progress.plan().contacts(),
                        progress.received(),
                        runningCode(book, progress)));
        return new TaskView(
                task.id(),
                task.kind(),
                task.state(),
                position,
                task.device(),
                Optional.of(task.priority()).filter(any -> task.kind() == TaskKind.INCREMENTAL),
                task.acceptedAt(),
                Optional.of(task.expiresAt())
                        .filter(at -> task.upload().isPresent() || task.state().finished()),
                upload,
                task.answer().map(Outcome.Told::new));
    }

    private static Optional<CheckCode> runningCode(BookState book, UploadProgress progress) {
        return progress.received() == 0
                ? Optional.empty()
                : Optional.of(new CheckCodes(book.key()).checkCode(progress.staged()));
    }
}
