package org.contactsync.health;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.contactsync.page.StartPage;
import org.contactsync.rehearsal.Rehearsal;
import org.contactsync.settings.OwnSockets;
import org.contactsync.settings.Settings;

/** Checks whether requests are answered; the server opens its port only after the application has started. Thread-safe. */
final class Listening {
    private static final Logger LOG = System.getLogger(Listening.class.getName());

    /** The server opens its port a moment after the application has started; on a busy machine that takes some seconds. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int ANSWER_MILLIS = 5_000;

    private Listening() {}

    /** Has the instance rehearse, and logs that the service is ready, once it answers; ends the process if it does not answer in time. */
    static void announce(Settings settings, Rehearsal rehearsal) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            if (OwnSockets.listenOn(settings.address().getPort()) && answers(settings.address())) {
                rehearsal.run(settings.address());
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                LOG.log(Level.INFO, new StartPage(settings).text());
                return;
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                // The process was asked to stop before it was ready.
                Thread.currentThread().interrupt();
                return;
            }
        }
        FailedStart.end(List.of("HTTP_PORT does not answer: " + settings.address()));
    }

    private static boolean answers(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    address.resolve("/v1/capabilities").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
