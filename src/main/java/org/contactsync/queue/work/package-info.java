/**
 * Executes a step: one transaction, its outcome, and its failures.
 *
 * <p><b>In and out.</b> A step in; an outcome after the commit out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>One step is one database transaction, or shares it with others of its owner that wait, or with one of each of
 *       several owners: all that it does is done, or nothing.
 *   <li>A step whose book is locked elsewhere, and a long commit, leave the session, so that they do not delay other users.
 * </ol>
 *
 * <p><b>Not here.</b> Messages ({@code queue.message}), what a step does to a book ({@code sync}).
 */
@NullMarked
package org.contactsync.queue.work;

import org.jspecify.annotations.NullMarked;
