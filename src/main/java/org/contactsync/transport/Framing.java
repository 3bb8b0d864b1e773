package org.contactsync.transport;

import java.util.Enumeration;
import java.util.regex.Pattern;

/**
 * Whether a request says in one way only where it ends (RFC 9112, 6.1 to 6.3). The server takes one that says it in two ways and
 * chooses; a proxy in front may choose the other and take for a body what the server takes for the next request.
 *
 * <p>Also packed into the extension of the server, package {@code gate}: it uses no other class of this package.
 */
public final class Framing {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private Framing() {}

    /**
     * Looks at what the head says; who finds it unclear refuses the request and closes the connection.
     *
     * @param lengths values of {@code Content-Length}, one for each line of the head
     * @param codings the same of {@code Transfer-Encoding}
     */
    public static boolean isClear(String protocol, Enumeration<String> lengths, Enumeration<String> codings) {
        if (!codings.hasMoreElements()) {
            return !lengths.hasMoreElements()
                    || (LENGTH.matcher(lengths.nextElement()).matches() && !lengths.hasMoreElements());
        }
        return "chunked".equalsIgnoreCase(codings.nextElement())
                && !codings.hasMoreElements()
                && !lengths.hasMoreElements()
                && !"HTTP/1.0".equals(protocol);
    }
}
