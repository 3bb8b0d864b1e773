/**
 * Carries one step of work as one message in its user's group, starts one transaction per message on the other side,
 * carries the answer back.
 *
 * <pre>
 *   SyncGateway ──step──▶ contacts.sync (JMSXGroupID = owner) ──▶ SyncTaskBean ──▶ StepTransaction (one commit)
 *        ▲                                                             │
 *   PendingReplies ◀── ReplyBean ◀── contacts.reply.&lt;instance&gt; ◀───────┘ after the commit
 * </pre>
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.Step} in; a stage of its {@link org.contactsync.protocol.Answer} out,
 * completed within the wait that was asked for, by 202 or 503 at the latest.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Steps of one owner are handed out one after the other, in the order they were sent, by whichever instance.
 *   <li>A message is acknowledged after its transaction; a step whose transaction failed has changed nothing, and its
 *       request is told so. The broker may lose every message: what was answered 200 or 202 is in the database.
 *   <li>Requests that wait are bounded; one too many is refused at once.
 * </ol>
 *
 * <p><b>Not here.</b> What a step does ({@code sync}). A message group is scheduling, not mutual exclusion: that is the
 * book's row ({@code store}).
 */
@NullMarked
package org.contactsync.queue;

import org.jspecify.annotations.NullMarked;
