/**
 * What a person sees of the program: lines, progress, errors, exit codes.
 *
 * <p><b>In and out.</b> In: what happened. Out: text on a terminal, in a file or in a pipe.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No control character from a server or a file reaches a terminal.
 *   <li>Progress is on one line of a terminal, and in few plain lines elsewhere.
 *   <li>An error is a whole sentence without names of classes.
 * </ol>
 *
 * <p><b>Not here.</b> The commands ({@code client.cli}).
 */
@NullMarked
package org.contactsync.client.cli.terminal;

import org.jspecify.annotations.NullMarked;
