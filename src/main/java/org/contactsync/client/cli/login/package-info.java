/**
 * Signs a person in.
 *
 * <p><b>In and out.</b> In: an issuer, and a person with a browser anywhere. Out: a token in a file that only its owner can read, and an
 * account in the configuration file.
 *
 * <p><b>Promises.</b> A token is kept only after the server has accepted it, and is never printed.
 *
 * <p><b>Not here.</b> How other commands use it ({@code client.cli.server}).
 */
@NullMarked
package org.contactsync.client.cli.login;

import org.jspecify.annotations.NullMarked;
