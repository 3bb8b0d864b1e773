/**
 * Stores the indexes that contacts are looked up by.
 *
 * <pre>
 *  lookup_index  (book)                     how far the index is, and in which epoch
 *       └──▶ lookup_entry  (book, epoch, uid, entry): seq of the contact, label, name, marks
 * </pre>
 *
 * <p><b>In and out.</b> The port {@link org.contactsync.lookup.LookupRows}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An entry is returned only while its contact is what it was derived from.
 *   <li>Each statement follows an index and is limited.
 * </ol>
 *
 * <p><b>Not here.</b> What is in an entry ({@code lookup}).
 */
@NullMarked
package org.contactsync.store.lookup;

import org.jspecify.annotations.NullMarked;
