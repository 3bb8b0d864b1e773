/**
 * Recomputes books from their contacts, to find rows that were damaged.
 *
 * <p><b>In and out.</b> A book's row and the rows of its contacts in; a {@link org.contactsync.sync.scrub.Finding} out if they do not
 * agree.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What is compared is one state of the book, without a lock, also while users change it.
 *   <li>Each step reads a limited number of rows.
 *   <li>Nothing is repaired, and no finding contains contact data.
 * </ol>
 *
 * <p><b>Not here.</b> When and how fast books are scrubbed ({@code queue.upkeep}).
 */
@NullMarked
package org.contactsync.sync.scrub;

import org.jspecify.annotations.NullMarked;
