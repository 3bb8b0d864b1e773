/**
 * Reads a book: pages, the feed of changes, the digest tree.
 *
 * <p><b>In and out.</b> A user and a position in; slices of contacts, changes or digests out, each with the check code that they belong to.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A read over several slices returns one state of the book, or reports that the book has changed.
 *   <li>Slices are limited in number and bytes; a read ends when its reader is gone.
 *   <li>The feed reports how far back it reaches; older positions are refused.
 * </ol>
 *
 * <p><b>Not here.</b> Writing. HTTP and JSON ({@code api}, {@code protocol.json}).
 */
@NullMarked
package org.contactsync.sync.reading;

import org.jspecify.annotations.NullMarked;
