/**
 * The resources of a book's history: its changes, past versions of a contact, deleted contacts, and the way back.
 *
 * <p><b>In and out.</b> Requests in; pages, and steps that restore, out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A restore is a task like any other: queued, checked, in the history itself.
 *   <li>A repeated restore with the same key restores once, and gets the first answer.
 * </ol>
 *
 * <p><b>Not here.</b> How the history is read ({@code sync.history}).
 */
@NullMarked
package org.contactsync.api.history;

import org.jspecify.annotations.NullMarked;
