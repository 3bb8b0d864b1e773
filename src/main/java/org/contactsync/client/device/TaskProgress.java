package org.contactsync.client.device;

import java.time.Duration;
import org.contactsync.client.http.Progress;

/** Tells the progress of a task as events. */
final class TaskProgress implements Progress {
    private final SyncListener tell;
    private long total;

    TaskProgress(SyncListener tell) {
        this.tell = tell;
    }

    @Override
    public void uploading(long done, long all) {
        total = all;
        tell.event(new SyncEvent.Progress(done, all));
    }

    @Override
    public void acknowledged(long done) {
        tell.event(new SyncEvent.Progress(done, total));
    }

    @Override
    public void retrying(int attempt, String reason, Duration delay) {
        tell.event(new SyncEvent.Retrying(reason, delay));
    }
}
