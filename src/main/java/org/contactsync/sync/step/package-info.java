/**
 * A step: one piece of work of one user, as a value and as the bytes of a message or of a waiting task.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.step.Step} in, bytes out, and back.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Codes in stored and sent bytes are explicit. Bytes of the previous release can be read (decision 30).
 *   <li>Damaged bytes are refused, and distinguished from those of a newer release.
 * </ol>
 *
 * <p><b>Not here.</b> What a step does ({@code sync}).
 */
@NullMarked
package org.contactsync.sync.step;

import org.jspecify.annotations.NullMarked;
