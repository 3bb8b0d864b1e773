/**
 * Tasks and their states, the books they belong to, and the ports that store both.
 *
 * <p><b>In and out.</b> Ports: {@link org.contactsync.sync.task.Books}, {@link org.contactsync.sync.task.Tasks},
 * {@link org.contactsync.sync.task.Receipts}, {@link org.contactsync.sync.task.Replies}. Views of a task for its owner.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A task has one outcome, which is stored and returned to a repeated request.
 *   <li>Waiting tasks of a user have one order.
 * </ol>
 *
 * <p><b>Not here.</b> How a task is executed ({@code sync.apply}, {@code sync.upload}), rows ({@code store}).
 */
@NullMarked
package org.contactsync.sync.task;

import org.jspecify.annotations.NullMarked;
