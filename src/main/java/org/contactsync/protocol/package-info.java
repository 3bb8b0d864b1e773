/**
 * What crosses the wire, as values: requests, outcomes, task states, problems, and the limits that they keep.
 *
 * <p><b>In and out.</b> Nothing is read or written here: {@code protocol.json} makes these values of JSON, and JSON of them.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A value that exists is valid.
 *   <li>Every refusal is one {@link org.contactsync.protocol.problem.Problem}, and no problem text holds contact data besides the uid.
 *   <li>A card is carried as its canonical bytes and never rewritten.
 * </ol>
 *
 * <p><b>Not here.</b> JSON ({@code protocol.json}), HTTP itself ({@code api}), deciding what a task does ({@code sync}).
 */
@NullMarked
package org.contactsync.protocol;

import org.jspecify.annotations.NullMarked;
