package org.contactsync.queue.work;

import java.util.function.Consumer;
import org.contactsync.sync.task.Replies.Reply;

/** Receives the replies of a step, each as soon as its outcome is committed. */
public interface StepOutlet extends Consumer<Reply> {
    /** Called if a task waits that an instance of a newer version has to run. */
    void runElsewhere();
}
