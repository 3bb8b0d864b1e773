/**
 * What every door of the service needs: it reads bodies, takes places, finds the owner's book, makes responses.
 *
 * <p><b>In and out.</b> In: parts of a request. Out: values that {@code queue} and {@code sync} understand; responses of their
 * answers.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A body and an answer have a limit in bytes and in time, of one user and in all.
 *   <li>A refusal is a problem of protocol §5.
 * </ol>
 *
 * <p><b>Not here.</b> Paths and methods ({@code api}).
 */
@NullMarked
package org.contactsync.door;

import org.jspecify.annotations.NullMarked;
