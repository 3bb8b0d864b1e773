/**
 * Tasks and their states, the books they belong to, and the ports that keep both.
 *
 * <p><b>In and out.</b> Ports: {@link org.contactsync.sync.task.Books}, {@link org.contactsync.sync.task.Tasks}, {@link org.contactsync.sync.task.Receipts},
 * {@link org.contactsync.sync.task.Replies}. Views of a task for whoever asks.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A task has one outcome, which is kept and given again to a repeated request.
 *   <li>Waiting tasks of a user have one order.
 * </ol>
 *
 * <p><b>Not here.</b> How a task is carried out ({@code sync.apply}, {@code sync.upload}), rows ({@code store}).
 */
@NullMarked
package org.contactsync.sync.task;

import org.jspecify.annotations.NullMarked;
