/**
 * What a client asks for, as values that exist only when they are valid.
 *
 * <p><b>In and out.</b> Made by {@code protocol.json} from a body; taken by {@code sync}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A value that exists obeys the limits of the protocol.
 * </ol>
 *
 * <p><b>Not here.</b> JSON ({@code protocol.json}); what becomes of it ({@code protocol.outcome}).
 */
@NullMarked
package org.contactsync.protocol.request;

import org.jspecify.annotations.NullMarked;
