package org.contactsync.lookup;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SIP or SIPS URI (RFC 3261 §19.1) as far as it says who it is: the user, whose case matters, and the host, whose case does not. Scheme,
 * port, password, parameters and headers say how to reach that user, and are left out.
 *
 * @param user percent-decoded; empty if there is none
 * @param host in lower case
 */
record SipAddress(String user, String host) {
    private static final int LONGEST_TEXT = 400;

    /** UTF-8 bytes of what is compared. */
    private static final int LONGEST = 250;

    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#.()\\s-]+");

    /** Reads a URI; empty if it has another scheme, no host, or is too long. */
    static Optional<SipAddress> of(String text) {
        String uri = text.strip();
        int scheme = uri.indexOf(':');
        if (uri.length() > LONGEST_TEXT || scheme < 0 || !isSip(uri.substring(0, scheme))) {
            return Optional.empty();
        }
        String rest = uri.substring(scheme + 1);
        int at = rest.indexOf('@');
        String host = rest.substring(at + 1).split("[;?]", 2)[0];
        int port = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(':');
        SipAddress address = new SipAddress(
                at < 0 ? "" : decoded(rest.substring(0, at).split(":", 2)[0]),
                (port > 0 ? host.substring(0, port) : host).toLowerCase(Locale.ROOT));
        return address.host.isEmpty() || address.comparable().getBytes(StandardCharsets.UTF_8).length > LONGEST
                ? Optional.empty()
                : Optional.of(address);
    }

    private static boolean isSip(String scheme) {
        return scheme.equalsIgnoreCase("sip") || scheme.equalsIgnoreCase("sips");
    }

    /** What is wrong stays as it is. */
    private static String decoded(String user) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < user.length(); i++) {
            char c = user.charAt(i);
            if (c == '%' && i + 2 < user.length() && isHex(user.charAt(i + 1)) && isHex(user.charAt(i + 2))) {
                text.append((char) Integer.parseInt(user.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }

    String comparable() {
        return withoutParameters() + "@" + host;
    }

    /** The user is a telephone number, with its parameters (RFC 3261 §19.1.6), or an extension of a switch. */
    Optional<NumberText> number() {
        String main = withoutParameters();
        if (!NUMBER.matcher(main).matches()) {
            return Optional.empty();
        }
        return user.length() > main.length() ? NumberText.of("tel:" + user) : NumberText.of(main);
    }

    private String withoutParameters() {
        int parameters = user.indexOf(';');
        return parameters < 0 ? user : user.substring(0, parameters);
    }
}
