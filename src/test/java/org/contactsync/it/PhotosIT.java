package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.contactsync.hostile.RawConnection;
import org.contactsync.photo.Photo;
import org.contactsync.photo.Pictures;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Photos over HTTP: stored as a whole, named by cards, within a quota, and removed when nobody names them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhotosIT {
    private static final int QUOTA = 25_000_000;
    private static final Duration LONG = Duration.ofSeconds(120);

    private static final int FIRST_PAUSE_MILLIS = 1_500;

    private final LibertyServer server;

    PhotosIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("RATE_PER_SECOND", "100000")
                .with("RATE_BURST", "100000")
                .with("PHOTOS_BYTES", String.valueOf(QUOTA))
                .with("PHOTO_GRACE", "PT30S")
                .withDatabase("photos")
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** Protocol 4.27.1, 4.27.3, 4.27.4 and 4.27.5. */
    @Test
    void aPhotoIsStoredAndAnsweredAsItWas() {
        Device phone = Device.ofNewUser(server);
        for (int length : new int[] {12, Photo.PIECE, 1_000_003, Limits.PHOTO_BYTES}) {
            byte[] photo = Pictures.jpeg(length, length);
            String path = Pictures.path(photo);
            phone.head(path).is(404);
            phone.get(path).is(ProblemType.NOT_FOUND);

            JsonObject stored = put(phone, photo).is(200).json();
            assertThat(stored.getString("uri"))
                    .isEqualTo("nih:sha-256;" + Pictures.digest(photo).hex());
            assertThat(stored.getString("mediaType")).isEqualTo("image/jpeg");
            assertThat(stored.getInt("bytes")).isEqualTo(length);
            assertThat(put(phone, photo).is(200).json()).as("again").isEqualTo(stored);

            HttpAnswer head = phone.head(path);
            HttpAnswer get = phone.get(path);
            for (HttpAnswer each : new HttpAnswer[] {head, get}) {
                assertThat(each.status()).isEqualTo(200);
                assertThat(each.header("Content-Type")).hasValue("image/jpeg");
                assertThat(each.header("Content-Length")).hasValue(String.valueOf(length));
                assertThat(each.tag()).isEqualTo(Pictures.digest(photo).hex());
                assertThat(each.header("X-Content-Type-Options")).hasValue("nosniff");
            }
            assertThat(get.body()).isEqualTo(photo);
            phone.get(path, "If-None-Match", get.header("ETag").orElseThrow()).is(304);
            Device.ofNewUser(server).get(path).is(ProblemType.NOT_FOUND);
        }
        assertThat(phone.book().number("seq")).isZero();
    }

    /** Protocol 4.27.1, 4.27.3. */
    @Test
    void whatIsNoPhotoOrAnotherOneIsRefusedAndNotKept() {
        Device phone = Device.ofNewUser(server);
        byte[] photo = Pictures.jpeg(600_000, 1);
        byte[] other = photo.clone();
        other[599_999]++;
        byte[] text = "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8);
        byte[] large = Pictures.jpeg(Limits.PHOTO_BYTES + 1, 2);

        send(phone, Pictures.path(photo), other).is(ProblemType.DIGEST_MISMATCH);
        put(phone, text).is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        put(phone, new byte[0]).is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        put(phone, large).is(ProblemType.CONTENT_TOO_LARGE);
        phone.send("PUT", Pictures.path(photo), BodyPublishers.ofByteArray(photo), "Content-Encoding", "gzip")
                .is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        send(phone, Pictures.path(photo).toUpperCase(Locale.ROOT).replace("/V1/BLOBS/SHA", "/v1/blobs/sha"), photo)
                .is(ProblemType.NOT_FOUND);
        phone.get("/v1/blobs/sha-256/abc").is(ProblemType.NOT_FOUND);
        phone.withToken("").head(Pictures.path(photo)).is(401);

        for (byte[] each : new byte[][] {photo, other, text, large}) {
            phone.head(Pictures.path(each)).is(404);
        }
        put(phone, photo).is(200);
    }

    /** Protocol 4.27.3: whoever says no length is counted with the most. */
    @Test
    void aUserHasAQuota() {
        Device phone = Device.ofNewUser(server);
        byte[] first = Pictures.jpeg(Limits.PHOTO_BYTES, 11);
        byte[] second = Pictures.jpeg(Limits.PHOTO_BYTES, 12);
        // Before the photos, so that neither is unused for its time of grace, however slow this machine is.
        phone.apply(new Changes()
                .put("first", Pictures.card("First", Pictures.digest(first)))
                .put("second", Pictures.card("Second", Pictures.digest(second))));
        put(phone, first).is(200);
        put(phone, second).is(200);
        byte[] third = Pictures.jpeg(QUOTA - 2 * Limits.PHOTO_BYTES - 3 * Photo.ROW + 1, 13);
        byte[] fits = Pictures.jpeg(QUOTA - 2 * Limits.PHOTO_BYTES - 3 * Photo.ROW, 14);

        JsonObject full = put(phone, third).is(ProblemType.PHOTOS_FULL);
        assertThat(full.getString("next")).contains("without this photo");
        phone.head(Pictures.path(third)).is(404);
        byte[] small = Pictures.jpeg(100, 15);
        phone.send("PUT", Pictures.path(small), BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(small)))
                .is(ProblemType.PHOTOS_FULL);
        put(phone, fits).is(200);
        put(phone, first).is(200);
        put(Device.ofNewUser(server), third).is(200);

        phone.apply(new Changes().put("ada", Pictures.card("Ada", Pictures.digest(third))));
        assertThat(phone.get("/v1/capabilities").is(200).number("maxPhotosBytes"))
                .isEqualTo(QUOTA);
    }

    /** Protocol 4.27.2, 4.27.3 and 4.27.5. */
    @Test
    void aPhotoThatIsMissingFailsNoContact() {
        Device phone = Device.ofNewUser(server);
        byte[] photo = Pictures.jpeg(5_000, 21);
        String card = Pictures.card("Ada", Pictures.digest(photo));

        phone.apply(new Changes().put("ada", card));
        String code = phone.checkCode();
        phone.get(Pictures.path(photo)).is(ProblemType.NOT_FOUND);
        put(phone, photo).is(200);

        assertThat(phone.checkCode()).as("the bytes are not in it").isEqualTo(code);
        assertThat(phone.contact("ada").is(200).text())
                .contains(Pictures.digest(photo).uri());
        HttpAnswer vcard = phone.get("/v1/book/export", "Accept", "text/vcard");
        Device other = Device.ofNewUser(server);
        other.send("POST", "/v1/book/import", BodyPublishers.ofByteArray(vcard.body()), "Content-Type", "text/vcard")
                .is(200);
        assertThat(other.contact("ada").json().getJsonObject("card"))
                .as("named in a vCard, too")
                .isEqualTo(phone.contact("ada").json().getJsonObject("card"));
    }

    /** Protocol 4.27.6. */
    @Test
    void aPhotoStaysAsLongAsTheBookOrItsHistoryNamesIt() {
        Device phone = Device.ofNewUser(server);
        byte[] named = Pictures.jpeg(300_000, 31);
        byte[] once = Pictures.jpeg(300_000, 32);
        byte[] never = Pictures.jpeg(300_000, 33);
        byte[] asked = Pictures.jpeg(300_000, 34);
        byte[] afterNever = Pictures.jpeg(Photo.PIECE, 35);
        for (byte[] each : new byte[][] {named, once, never, asked, afterNever}) {
            put(phone, each).is(200);
        }
        phone.apply(new Changes()
                .put("a", Pictures.card("A", Pictures.digest(named)))
                .put("b", Pictures.card("B", Pictures.digest(once))));
        phone.apply(new Changes().delete("b"));

        // An answer of several pieces may be cut while the photo is removed. That of one piece is whole, or 404.
        await().atMost(LONG).pollInterval(Duration.ofSeconds(1)).until(() -> {
            assertThat(phone.head(Pictures.path(asked)).status()).isEqualTo(200);
            return phone.get(Pictures.path(afterNever)).status() == 404;
        });

        phone.get(Pictures.path(never)).is(ProblemType.NOT_FOUND);
        assertThat(phone.get(Pictures.path(named)).body()).isEqualTo(named);
        assertThat(phone.get(Pictures.path(once)).body()).isEqualTo(once);
        phone.post("/v1/book/trash/b/restore", "{}", "If-Match", "\"" + phone.checkCode() + "\"");
        assertThat(phone.get(Pictures.path(asked)).body()).isEqualTo(asked);
    }

    /** Protocol 4.27.6. */
    @Test
    void anErasureTakesPhotosAndTheOneThatIsOnItsWay() throws IOException {
        Device phone = Device.ofNewUser(server);
        byte[] whole = Pictures.jpeg(700_000, 41);
        byte[] half = Pictures.jpeg(700_000, 42);
        String head = "PUT " + Pictures.path(half) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + phone.token() + "\r\nContent-Length: " + half.length + "\r\n\r\n";

        int answer = 200;
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        for (int pause = FIRST_PAUSE_MILLIS; answer == 200 && System.nanoTime() < end; pause = longer(pause)) {
            put(phone, whole).is(200);
            try (RawConnection slow =
                    RawConnection.to(server.port()).send(head).send(Arrays.copyOf(half, 2 * Photo.PIECE))) {
                pause(pause);
                assertThat(phone.delete("/v1/account").status()).isIn(202, 204);
                slow.send(Arrays.copyOfRange(half, 2 * Photo.PIECE, half.length));
                answer = slow.receive(false).status();
            }
            if (answer == 200) { // the upload began after the erasure: the machine is busy
                assertThat(phone.delete("/v1/account").status()).isIn(202, 204);
            }
        }
        assertThat(answer).isEqualTo(404);

        for (byte[] each : new byte[][] {whole, half}) {
            phone.head(Pictures.path(each)).is(404);
            phone.get(Pictures.path(each)).is(ProblemType.NOT_FOUND);
        }
        put(phone, half).is(200);
        assertThat(phone.get(Pictures.path(half)).body()).isEqualTo(half);
    }

    /** Shorter than the server waits for the next part of a body. */
    private static int longer(int pause) {
        return Math.min(pause + 750, 6_000);
    }

    /** Until the first piece is stored. */
    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpAnswer put(Device device, byte[] photo) {
        return send(device, Pictures.path(photo), photo);
    }

    private static HttpAnswer send(Device device, String path, byte[] photo) {
        return device.send("PUT", path, BodyPublishers.ofByteArray(photo), "Content-Type", "image/jpeg");
    }
}
