/**
 * Stores devices, and erases accounts.
 *
 * <pre>
 *  seen_device   (book, device)   when, what for, check code
 *  erased_book   (book)           no row of {@code book} has that id any more: what is left of it
 *  erasure_mark  (number)         one of 65,536, of a user who erased an account
 * </pre>
 *
 * <p><b>In and out.</b> The ports of {@code account}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every table that has rows of a book is in {@link org.contactsync.store.account.BookTables}: a test compares it with the schema.
 *   <li>Nothing that stays after an erasure names its user; {@code erasure_mark} tells about some users that they may have erased an account.
 * </ol>
 *
 * <p><b>Not here.</b> When the rest is removed ({@code queue.upkeep}).
 */
@NullMarked
package org.contactsync.store.account;

import org.jspecify.annotations.NullMarked;
