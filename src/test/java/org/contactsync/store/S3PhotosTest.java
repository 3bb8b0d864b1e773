package org.contactsync.store;

import java.nio.file.Path;
import java.time.Clock;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.store.object.S3Objects;
import org.contactsync.store.object.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Photos keep their contract if an S3 server has their bytes. */
class S3PhotosTest implements PhotosContract {
    private static final JpaTestStore H2 = JpaTestStore.onH2("objects");
    private static S3Server server;
    private static PhotoObjects objects;

    private final JpaTestStore store = H2.emptied();

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = S3Server.in(directory);
        objects = new S3Objects(server.store(), Clock.systemUTC());
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    public JpaTestStore jpaStore() {
        return store;
    }

    @Override
    public PhotoObjects objects() {
        return objects;
    }
}
