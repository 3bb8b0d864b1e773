/**
 * Look-ups by number and by name over HTTP: what their parameters may be, and what is answered.
 *
 * <p><b>In and out.</b> Query parameters of a user's or an operator's request in; a response out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every parameter is limited, and checked before anything is read.
 *   <li>No text of an answer, a problem or a log repeats a number, except the answer to the one who asked.
 * </ol>
 *
 * <p><b>Not here.</b> Finding ({@code lookup}), the resources themselves ({@code api}, {@code api.admin}).
 */
@NullMarked
package org.contactsync.api.lookup;

import org.jspecify.annotations.NullMarked;
