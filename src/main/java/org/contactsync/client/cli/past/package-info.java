/**
 * The commands that show what the server's book was, and bring it back.
 *
 * <p><b>In and out.</b> Arguments in; lines or JSON on standard output.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The book is made what it was only after a person at a terminal, or {@code --yes}, has agreed; without a terminal nobody is asked.
 *   <li>What was agreed to is what is done: if the book changes in between, nothing is.
 * </ol>
 *
 * <p><b>Not here.</b> How the server keeps the history ({@code sync.history}).
 */
@NullMarked
package org.contactsync.client.cli.past;

import org.jspecify.annotations.NullMarked;
