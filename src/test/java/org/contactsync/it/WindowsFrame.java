package org.contactsync.it;

import java.nio.file.Path;
import java.util.function.BiFunction;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One server with {@link Windows} for all tests of a class, which run in their order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
abstract class WindowsFrame {
    private static final int MOST_USERS = 30;

    /** So many changes never share a transaction with those of other users. */
    private static final int LARGE = 2;

    final LibertyServer server;
    final Windows windows;

    /** @param rules what gives the server its windows */
    WindowsFrame(Path directory, String database, BiFunction<LibertyServer, Path, Windows> rules) {
        server = LibertyServer.in(directory).withDatabase(database);
        windows = rules.apply(server, directory);
        server.start();
    }

    @AfterAll
    final void end() {
        server.close();
    }

    /**
     * A user whose messages do not come to a consumer that stands at a window already: a consumer serves many users, and keeps
     * them. A task of another book than the user's is refused at once, unless nobody looks at it.
     */
    final Device freeUser() {
        String foreign = Device.ofNewUser(server).checkCode();
        for (int i = 0; i < MOST_USERS; i++) {
            Device device = Device.ofNewUser(server);
            device.checkCode();
            HttpAnswer answer = device.patch(foreign, large(), "Prefer", "wait=2");
            if (answer.status() == ProblemType.CHECK_CODE_MISMATCH.status()) {
                return device;
            }
        }
        throw new AssertionError("no consumer is free");
    }

    /** A request that runs in a transaction of its own, or with others of its user. */
    static String large() {
        return Changes.puts(0, LARGE).body();
    }
}
