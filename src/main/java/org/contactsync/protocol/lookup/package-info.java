/**
 * What look-ups by number and by name find, as values.
 *
 * <p><b>In and out.</b> Made by the server from a book, or by a client from an answer.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Immutable; lists keep the order of the answer.
 * </ol>
 *
 * <p><b>Not here.</b> How contacts are found ({@code lookup}), JSON ({@code protocol.json}).
 */
@NullMarked
package org.contactsync.protocol.lookup;

import org.jspecify.annotations.NullMarked;
