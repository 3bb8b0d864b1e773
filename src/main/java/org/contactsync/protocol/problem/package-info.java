/**
 * Why something is refused: the problems of protocol §5, as values.
 *
 * <p><b>In and out.</b> A refusal in; a type, a status and members out, which {@code protocol.json} writes.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each type of problem is in the table of the protocol, with its status.
 *   <li>Reasons of overload and kinds of quotas are values; their texts follow from them.
 * </ol>
 *
 * <p><b>Not here.</b> JSON ({@code protocol.json}).
 */
@NullMarked
package org.contactsync.protocol.problem;

import org.jspecify.annotations.NullMarked;
