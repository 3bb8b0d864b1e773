/**
 * A book and its contacts in the core, and the effect of a change on them.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.book.BookState} and stored contacts in; {@link org.contactsync.sync.book.Effect}: the contacts and
 * the state afterwards. The port {@link org.contactsync.sync.book.Contacts} reads and writes rows.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Count, sum and digest change by the touched contacts only, and equal those of the whole book.
 *   <li>Bytes of a book are counted with every change.
 * </ol>
 *
 * <p><b>Not here.</b> Whose turn it is ({@code sync.waiting}), tasks ({@code sync.task}).
 */
@NullMarked
package org.contactsync.sync.book;

import org.jspecify.annotations.NullMarked;
