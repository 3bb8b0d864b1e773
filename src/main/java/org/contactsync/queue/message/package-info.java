/**
 * Messages of the broker: sends steps and replies, and completes the waiting requests.
 *
 * <p><b>In and out.</b> Steps and replies in; messages out, and back. {@link org.contactsync.queue.message.PendingReplies} holds the requests that wait.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A send succeeds within five seconds, or is refused.
 *   <li>The number of waiting requests is limited, in total and per user.
 * </ol>
 *
 * <p><b>Not here.</b> What is done with a step ({@code queue.work}).
 */
@NullMarked
package org.contactsync.queue.message;

import org.jspecify.annotations.NullMarked;
