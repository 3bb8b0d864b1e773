package org.contactsync.client.cli.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An account of the configuration file.
 *
 * @param name letters, digits, and {@code . _ -}: it is a part of the name of a file
 * @param server empty: the default one
 * @param tokenFile a file that holds the token
 * @param tokenCommand prints the token
 * @param issuer who signs people in, for {@code login}
 * @param clientId the name under which the issuer knows this program
 * @param scope what {@code login} asks the issuer for
 */
public record NamedAccount(
        String name,
        Optional<URI> server,
        Optional<String> device,
        Optional<Path> tokenFile,
        Optional<String> tokenCommand,
        Optional<URI> issuer,
        Optional<String> clientId,
        Optional<String> scope) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    public NamedAccount {
        if (!isName(name)) {
            throw new IllegalArgumentException("name: 1 to 64 letters, digits, and . _ -");
        }
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
