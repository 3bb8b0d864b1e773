/**
 * The JSON form of what crosses the wire.
 *
 * <p><b>In and out.</b> Request bodies (UTF-8 JSON, bounded by {@link org.contactsync.protocol.Limits}) become validated
 * values; outcomes become {@link org.contactsync.protocol.Answer}: JSON text with the status and headers that belong to it.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What was read is valid; what is not is refused with one {@link org.contactsync.protocol.Problem} that names every
 *       contact at fault.
 *   <li>A card is carried as its canonical bytes, both ways, and never rewritten.
 *   <li>Reading requests is strict: malformed UTF-8, duplicate and unknown members, wrong types are refused.
 *   <li>The same value is written as the same bytes: an answer that is kept is the answer that was sent.
 * </ol>
 *
 * <p><b>Not here.</b> The values ({@code protocol}), HTTP itself ({@code api}).
 */
@NullMarked
package org.contactsync.protocol.json;

import org.jspecify.annotations.NullMarked;
