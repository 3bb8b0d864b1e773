/**
 * Messages of the broker: sends steps and replies, and completes the requests that wait for them.
 *
 * <p><b>In and out.</b> Steps and replies in; messages out, and back. {@link org.contactsync.queue.message.PendingReplies} holds the requests that wait.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A send ends within five seconds, or is refused.
 *   <li>Requests that wait are bounded, in all and of each user.
 * </ol>
 *
 * <p><b>Not here.</b> What is done with a step ({@code queue.work}).
 */
@NullMarked
package org.contactsync.queue.message;

import org.jspecify.annotations.NullMarked;
