package org.contactsync.transport;

import java.util.Enumeration;
import java.util.regex.Pattern;

/**
 * Checks that the length of a request is unambiguous (RFC 9112, 6.1 to 6.3). The server accepts a request with two lengths
 * and chooses one; a proxy in front may choose the other, and treat as a body what the server treats as the next request.
 *
 * <p>Also packed into the extension of the server, package {@code gate}: it uses no other class of this package.
 */
public final class Framing {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private Framing() {}

    /**
     * Checks the head; if it is ambiguous, the caller refuses the request and closes the connection.
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
