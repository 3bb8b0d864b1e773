/**
 * What crosses the wire: requests, acknowledgements, task states, problems and their JSON form.
 *
 * <p><b>In and out.</b> Request bodies (UTF-8 JSON, bounded by {@link org.contactsync.protocol.Limits}) become validated
 * values; answers become JSON text with the status and headers that belong to them.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What was read is valid; what is not is refused with one {@link org.contactsync.protocol.Problem} that names every
 *       contact at fault, and no problem text holds contact data besides the uid.
 *   <li>A card is carried as its canonical bytes, both ways, and never rewritten.
 *   <li>Reading is strict: malformed UTF-8, duplicate and unknown members, wrong types are refused.
 * </ol>
 *
 * <p><b>Not here.</b> HTTP itself ({@code api}), deciding what a task does ({@code sync}).
 */
@NullMarked
package org.contactsync.protocol;

import org.jspecify.annotations.NullMarked;
