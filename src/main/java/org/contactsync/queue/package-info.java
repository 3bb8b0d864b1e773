/**
 * Sends each step of work as one message in its user's group, starts one transaction per message on the other side, and
 * sends the answer back.
 *
 * <pre>
 *   SyncGateway ──step──▶ contacts.sync (JMSXGroupID = owner) ──▶ SyncTaskBean ──▶ StepTransaction (one commit)
 *        ▲                                                             │
 *   PendingReplies ◀── ReplyBean ◀── contacts.reply.&lt;instance&gt; ◀───────┘ after the commit
 * </pre>
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.step.Step} in; a stage of its {@link org.contactsync.protocol.outcome.Answer}
 * out, completed within the requested wait, with 202 or 503 at the latest.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Messages of one owner are delivered one after the other, in the order in which they were sent, whichever instance sent
 *       them. A step may run before its message comes, together with an earlier one, while its request is unanswered.
 *   <li>A message is acknowledged after its transaction. A step whose transaction failed has changed nothing, and its
 *       request is told so. The broker may lose every message: everything answered 200 or 202 is in the database.
 *   <li>The number of waiting requests is limited; one too many is refused at once.
 * </ol>
 *
 * <p><b>Not here.</b> What a step does ({@code sync}). A message group schedules; mutual exclusion comes from the lock of
 * the book's row ({@code store}).
 */
@NullMarked
package org.contactsync.queue;

import org.jspecify.annotations.NullMarked;
