/**
 * Stores how far the scrub has come and what it found, and reads rows for it as they are.
 *
 * <p><b>In and out.</b> Columns in, unchecked; findings as rows out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Statements read a limited number of rows along the primary key, and take no lock of a book.
 *   <li>Of several instances one at a time holds the scrub; the others do not wait for it.
 * </ol>
 *
 * <p><b>Not here.</b> What is compared with what ({@code sync.scrub}).
 */
@NullMarked
package org.contactsync.store.scrub;

import org.jspecify.annotations.NullMarked;
