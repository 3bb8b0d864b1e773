/**
 * Which server and which user a command works with, and how it asks them.
 *
 * <p><b>In and out.</b> In: options, environment variables, the configuration file, and what {@code login} has kept. Out: a client of the server's book, with progress that a person sees.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A token is never taken from the command line.
 *   <li>A token is sent to the server that it is meant for, and to no other.
 * </ol>
 *
 * <p><b>Not here.</b> The commands ({@code client.cli}).
 */
@NullMarked
package org.contactsync.client.cli.server;

import org.jspecify.annotations.NullMarked;
