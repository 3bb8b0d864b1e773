package org.contactsync.client.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.contactsync.client.http.port.HttpTimeout;
import org.jspecify.annotations.Nullable;

/** Explains to a person why there was no answer. Network exceptions often have no message, or only a class name. */
final class ConnectionFault {
    private static final int DEEPEST_CAUSE = 8;

    private ConnectionFault() {}

    /** A part of a sentence, without a full stop. */
    static String words(IOException failure) {
        if (has(failure, UnknownHostException.class) || has(failure, UnresolvedAddressException.class)) {
            return "there is no host with this name";
        }
        if (has(failure, NoRouteToHostException.class)) {
            return "there is no network route to it";
        }
        if (failure instanceof HttpTimeout && failure.getMessage() != null) {
            return failure.getMessage();
        }
        if (has(failure, ConnectException.class)) {
            return "the connection was refused";
        }
        if (has(failure, SSLException.class)) {
            return "its TLS certificate or handshake was not accepted" + detail(failure);
        }
        if (has(failure, EOFException.class)
                || String.valueOf(failure.getMessage()).contains("received no bytes")) {
            return "the connection was closed without an answer";
        }
        return "the connection broke" + detail(failure);
    }

    /** What the exception says, unless it is a class name or nothing. */
    private static String detail(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() || message.contains("Exception")
                ? ""
                : " (" + message.strip() + ")";
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
