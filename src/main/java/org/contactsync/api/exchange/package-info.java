/**
 * The resources that export a book to a file, import a file into a book, and export a whole account.
 *
 * <p><b>In and out.</b> Requests in; files, and tasks with a report, out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An export is the book with one check code, or it is cut off; so is an archive with everything that belongs to the book.
 *   <li>An import is a task like any other: queued, checked, in the history. It deletes nothing.
 *   <li>They are limited in number, in total and per user.
 * </ol>
 *
 * <p><b>Not here.</b> The formats ({@code exchange}).
 */
@NullMarked
package org.contactsync.api.exchange;

import org.jspecify.annotations.NullMarked;
