package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.Photo;
import org.contactsync.photo.Pictures;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.store.object.S3Objects;
import org.contactsync.store.object.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service keeps photos in an S3 server; contacts do not notice when it is away. */
class S3PhotosIT {
    private static final Duration LONG = Duration.ofSeconds(240);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** Protocol 4.27.3, 4.27.4, 4.27.5 and 4.27.6. */
    @Test
    void photosAreInTheStoreAndContactsDoNotNeedIt() throws IOException {
        try (S3Server s3 = S3Server.in(directory);
                TcpProxy proxy = TcpProxy.to("127.0.0.1", s3.port());
                LibertyServer server = server(proxy)) {
            Device phone = Device.ofNewUser(server);
            byte[] small = Pictures.jpeg(12, 1);
            byte[] large = Pictures.jpeg(3 * Photo.PIECE + 1, 2);
            byte[] late = Pictures.jpeg(50_000, 3);
            // Before the photos, so that none is unused for its time of grace, however slow this machine is.
            phone.apply(new Changes()
                    .put("small", Pictures.card("Small", Pictures.digest(small)))
                    .put("large", Pictures.card("Large", Pictures.digest(large)))
                    .put("late", Pictures.card("Late", Pictures.digest(late))));
            for (byte[] photo : new byte[][] {small, large}) {
                phone.head(Pictures.path(photo)).is(404);
                put(phone, photo).is(200);
                put(phone, photo).is(200);
            }
            assertThat(s3.keys()).hasSize(5).allMatch(key -> key.matches("photos/[0-9a-f-]{36}/[0-3]"));
            for (byte[] photo : new byte[][] {small, large}) {
                phone.head(Pictures.path(photo)).is(200);
                assertHas(phone, photo);
            }
            assertThat(archived(phone, large)).isEqualTo(large);
            assertThat(put(phone, Pictures.path(late), large).status())
                    .as("not what its name says")
                    .isEqualTo(400);
            assertThat(s3.keys()).as("nothing is left of it").hasSize(5);
            assertThat(ready(server)).contains("\"photos\":\"UP\"");

            proxy.cut();
            assertAway(put(phone, late));
            assertAway(phone.get(Pictures.path(small)));
            await().atMost(LONG).untilAsserted(() -> {
                assertAway(phone.get(Pictures.path(large)));
                assertThat(ready(server)).contains("\"photos\":\"DOWN\"");
            });
            phone.head(Pictures.path(large)).is(200);
            phone.head(Pictures.path(late)).is(404);
            phone.apply(new Changes().put("new", Pictures.card("New", Pictures.digest(late))));
            assertThat(server.ready()).isTrue();

            proxy.heal();
            await().atMost(LONG).until(() -> ready(server).contains("\"photos\":\"UP\""));
            put(phone, late).is(200);
            for (byte[] photo : new byte[][] {small, large, late}) {
                assertHas(phone, photo);
            }
            assertThat(s3.keys()).hasSize(6);

            spoil(s3);
            phone.get(Pictures.path(late)).is(ProblemType.NOT_FOUND);
            phone.get(Pictures.path(small)).is(ProblemType.NOT_FOUND);
            phone.head(Pictures.path(small)).is(200);
            for (byte[] photo : new byte[][] {small, late}) {
                put(phone, photo).is(200);
                assertHas(phone, photo);
            }

            assertThat(phone.delete("/v1/account").status()).isIn(202, 204);
            phone.get(Pictures.path(large)).is(ProblemType.NOT_FOUND);
            await().atMost(LONG).untilAsserted(() -> assertThat(s3.keys()).isEmpty());
            assertThat(Files.readString(server.log()))
                    .doesNotContain(S3Server.SECRET_KEY)
                    .doesNotContain(S3Server.ACCESS_KEY);
        }
    }

    /** Has the objects of 12 bytes removed, and those of 50,000 replaced by others of that length. */
    private static void spoil(S3Server s3) {
        S3Objects objects = new S3Objects(s3.store(), Clock.systemUTC());
        for (String key : s3.keys()) {
            String[] parts = key.split("/");
            ObjectName name = new ObjectName(UUID.fromString(parts[1]), Integer.parseInt(parts[2]));
            int bytes = objects.get(name).orElseThrow().length;
            if (bytes == 12) {
                objects.remove(name);
            } else if (bytes == 50_000) {
                objects.put(name, new byte[bytes]);
            }
        }
    }

    private LibertyServer server(TcpProxy proxy) {
        return LibertyServer.in(directory.resolve("server"))
                .with("PHOTOS_IN", "s3")
                .with("S3_ENDPOINT", "http://127.0.0.1:" + proxy.port())
                .with("S3_BUCKET", S3Server.BUCKET)
                .with("S3_REGION", S3Server.REGION)
                .with("S3_ACCESS_KEY", S3Server.ACCESS_KEY)
                .with("S3_SECRET_KEY", S3Server.SECRET_KEY)
                .with("PHOTO_GRACE", "PT30S")
                .withDatabase("s3photos")
                .start();
    }

    /** Sends it again while the book is being changed, as by the sweeper. */
    private static HttpAnswer put(Device device, byte[] photo) {
        return put(device, Pictures.path(photo), photo);
    }

    private static HttpAnswer put(Device device, String path, byte[] photo) {
        return await().atMost(LONG)
                .until(() -> device.send("PUT", path, BodyPublishers.ofByteArray(photo)), answer -> !isBusy(answer));
    }

    private static boolean isBusy(HttpAnswer answer) {
        return answer.status() == 503
                && answer.json().getString("detail").equals(UnavailableReason.BOOK_IN_USE.detail());
    }

    private static void assertHas(Device device, byte[] photo) {
        HttpAnswer answer = device.get(Pictures.path(photo));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(photo);
    }

    private static void assertAway(HttpAnswer answer) {
        assertThat(answer.is(ProblemType.UNAVAILABLE).getString("detail"))
                .isEqualTo(UnavailableReason.PHOTO_STORE_AWAY.detail());
    }

    private static String ready(LibertyServer server) throws IOException {
        HttpResponse<String> response =
                server.send(server.request("/health/ready").build());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static byte[] archived(Device device, byte[] photo) throws IOException {
        HttpAnswer archive = device.get("/v1/account/export");
        assertThat(archive.status()).isEqualTo(200);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("photos/" + Pictures.digest(photo).hex() + ".jpg")) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new AssertionError("the photo is not in the archive");
    }
}
