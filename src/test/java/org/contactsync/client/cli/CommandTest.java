package org.contactsync.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.contactsync.client.FakeServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of commands against a server of its own, with state and files below a folder of its own. */
abstract class CommandTest {
    @TempDir
    Path directory;

    FakeServer server;
    CommandRun cli;

    @BeforeEach
    final void startServer() throws IOException {
        server = new FakeServer();
        cli = new CommandRun(server, directory);
    }

    @AfterEach
    final void stopServer() {
        server.close();
    }
}
