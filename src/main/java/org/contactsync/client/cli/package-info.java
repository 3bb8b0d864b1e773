/**
 * The command line: {@code contact-sync push book.vcf} and its companions.
 *
 * <p><b>In and out.</b> Arguments, environment variables and a file in; plain lines on standard output, what a person has to know
 * on standard error, and one of the {@link org.contactsync.client.cli.terminal.ExitCode}s out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An error names the contact or the setting and says what to do next; a stack trace only with {@code --verbose}.
 *   <li>Only what a person asked for goes to standard output, so that it can be used in a script.
 *   <li>A token is never printed but by the command {@code token}; only {@code login} writes one, to a file that only its owner can read.
 * </ol>
 *
 * <p><b>Not here.</b> What a push does ({@code client}), what a vCard means ({@code vcard}).
 */
@NullMarked
package org.contactsync.client.cli;

import org.jspecify.annotations.NullMarked;
