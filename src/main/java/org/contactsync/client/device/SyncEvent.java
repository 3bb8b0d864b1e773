package org.contactsync.client.device;

import java.time.Duration;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.contact.Uid;

/** What a client tells its listeners. Events have no contact data but uids, which are for this device only. */
public sealed interface SyncEvent {
    /** A task waits now, or was merged with one that waits. */
    record Added(QueuedTask task) implements SyncEvent {}

    /** It runs. */
    record Started(QueuedTask task) implements SyncEvent {}

    /** A step of it is done. */
    record StepDone(Step step) implements SyncEvent {}

    /** Contacts of an upload were acknowledged. */
    record Progress(long done, long total) implements SyncEvent {}

    /** A request is sent again after a while. */
    record Retrying(String reason, Duration delay) implements SyncEvent {}

    /** The check codes differed. */
    record Climbed(Rung rung) implements SyncEvent {}

    /** A contact was changed on two devices; the card that gave way is kept. */
    record Conflicted(Uid contact) implements SyncEvent {}

    /** The task is finished. */
    record Finished(QueuedTask task, SyncReport report) implements SyncEvent {}

    /** It failed, and is tried again. */
    record Later(QueuedTask task, String reason) implements SyncEvent {}

    /** It failed for good, or was cancelled; the next one starts anew. */
    record Failed(QueuedTask task, Exception reason) implements SyncEvent {}

    /** Another process works on this account; this one takes over when that one ends. */
    record WaitsForProcess() implements SyncEvent {}

    /** The local database or its lock cannot be used. It is tried again every second; told once, until it works again. */
    record DatabaseFailed(Exception reason) implements SyncEvent {}

    /** An unexpected error has ended the work of this client: it does nothing any more. */
    record Ended(Throwable reason) implements SyncEvent {}
}
