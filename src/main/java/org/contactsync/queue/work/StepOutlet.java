package org.contactsync.queue.work;

import java.util.function.Consumer;
import org.contactsync.sync.task.Replies.Reply;

/** Takes what comes of a step: each answer as soon as what it says is committed. */
public interface StepOutlet extends Consumer<Reply> {
    /** A task waits that an instance of a newer version has to run. */
    void elsewhere();
}
