package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy does what it says to an echo behind it. */
class TcpProxyTest {
    /** For a busy machine. */
    private static final int READ_MILLIS = 30_000;

    private static final int NEVER_MILLIS = 300;

    private final ServerSocket echo = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
    private final TcpProxy proxy = TcpProxy.to("localhost", echo.getLocalPort());

    TcpProxyTest() throws IOException {}

    @BeforeEach
    void answer() {
        Thread thread = new Thread(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    Thread each = new Thread(() -> echo(socket));
                    each.setDaemon(true);
                    each.start();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesAndEndsConnectionsWhenCut() throws IOException {
        try (Socket socket = connected()) {
            assertThat(said(socket, 7)).isEqualTo(7);
            assertThat(proxy.connections()).isEqualTo(1);

            proxy.cut();

            assertThat(ended(socket)).isTrue();
        }
        try (Socket refused = connected()) {
            assertThat(ended(refused)).isTrue();
        }
        proxy.heal();
        try (Socket socket = connected()) {
            assertThat(said(socket, 8)).isEqualTo(8);
        }
    }

    @Test
    void keepsBytesInABlackHoleUntilItHeals() throws IOException {
        try (Socket socket = connected()) {
            assertThat(said(socket, 1)).isEqualTo(1);
            proxy.blackHole();

            socket.setSoTimeout(NEVER_MILLIS);
            assertThatThrownBy(() -> said(socket, 2)).isInstanceOf(SocketTimeoutException.class);

            socket.setSoTimeout(READ_MILLIS);
            proxy.heal();
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void isSlowInEachDirection() throws IOException {
        try (Socket socket = connected()) {
            proxy.slow(Duration.ofMillis(100));
            Instant start = Instant.now();

            assertThat(said(socket, 3)).isEqualTo(3);

            assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(190));
        }
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("localhost"), proxy.port());
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private static int said(Socket socket, int what) throws IOException {
        socket.getOutputStream().write(what);
        return socket.getInputStream().read();
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            for (int n = socket.getInputStream().read();
                    n >= 0;
                    n = socket.getInputStream().read()) {
                socket.getOutputStream().write(n);
            }
        } catch (IOException e) {
            // ended
        }
    }
}
