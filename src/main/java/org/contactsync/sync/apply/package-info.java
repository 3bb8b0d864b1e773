/**
 * Applies an incremental task to a book, and stores the answer.
 *
 * <p><b>In and out.</b> A locked book and {@link org.contactsync.sync.step.Step.ApplyChanges} in; an {@link org.contactsync.protocol.outcome.Outcome} out, which is
 * also stored with the task.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The first check code is compared before, the predicted second one after; a refused task changes nothing.
 *   <li>A repeated task gets the stored answer.
 * </ol>
 *
 * <p><b>Not here.</b> Tasks that wait ({@code sync.waiting}), uploads ({@code sync.upload}).
 */
@NullMarked
package org.contactsync.sync.apply;

import org.jspecify.annotations.NullMarked;
