package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A store of photos is used if it is named as a whole, and over TLS unless it is on this machine. */
class ObjectStoreReaderTest {
    private final Map<String, String> values = new HashMap<>(Map.of("DATA_DIR", "/data"));

    @Test
    void withoutSettingsPhotosAreInTheDatabase() {
        assertThat(read()).isEmpty();
    }

    @Test
    void readsAStore() {
        store("https://s3.example.com:9000");
        values.put("PHOTOS_IN", "s3");
        values.put("S3_REGION", "eu-central-1");
        values.put("S3_PATH_STYLE", "false");
        values.put("S3_TRUST_CERTIFICATE", "/etc/s3.pem");

        assertThat(read())
                .contains(new ObjectStore(
                        URI.create("https://s3.example.com:9000"),
                        "contact-photos",
                        "eu-central-1",
                        false,
                        "the-id",
                        "very secret",
                        true,
                        Optional.of(Path.of("/etc/s3.pem"))));
    }

    /** Instances read it before one of them writes to it. */
    @Test
    void aStoreMayBeReadOnly() {
        store("https://s3.example.com");

        assertThat(read())
                .hasValueSatisfying(store -> assertThat(store.takesNew()).isFalse());
    }

    @Test
    void refusesAStoreThatIsNotNamedAsAWhole() {
        values.put("PHOTOS_IN", "s3");
        assertRefused("S3_ENDPOINT must be set because PHOTOS_IN is s3");
        for (String needed : new String[] {"S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"}) {
            store("https://s3.example.com");
            values.remove(needed);
            assertRefused(needed + " must be set because S3_ENDPOINT is set");
        }
    }

    /** As {@code echo} makes the file of a secret: every signature would be wrong. */
    @Test
    void refusesKeysWithALineBreakAndDoesNotShowTheSecret() {
        store("https://s3.example.com");
        values.put("S3_SECRET_KEY", "very secret\n");
        assertRefused("S3_SECRET_KEY must be a key without a line break, not even at its end");
        values.put("S3_SECRET_KEY", "very secret\r");
        assertRefused("S3_SECRET_KEY must be a key without a line break, not even at its end");
        store("https://s3.example.com");
        values.put("S3_ACCESS_KEY", "the-id\n");
        assertRefused("S3_ACCESS_KEY must be printable ASCII characters without / and ,");
        values.put("S3_ACCESS_KEY", "in/its/place"); // the secret
        assertThatThrownBy(() -> read()).hasMessageNotContaining("its/place");
    }

    @Test
    void refusesToSendPhotosInTheOpen() {
        store("http://s3.example.com");
        assertRefused("S3_ENDPOINT must be an https address, unless S3_HTTP is true");
        values.put("S3_HTTP", "true");
        assertThat(read()).isPresent();
        values.remove("S3_HTTP");
        store("http://127.0.0.1:9000");
        assertThat(read()).isPresent();
    }

    @Test
    void refusesAnAddressWithMoreThanAHostAndDoesNotShowIt() {
        for (String address : new String[] {
            "https://user:pass-word@s3.example.com",
            "https://s3.example.com/pass-word",
            "https://s3.example.com?pass-word",
            "ftp://s3.example.com/",
            "https://s3.example.com:0/",
            "https://s3.example.com:65536/",
            "https:pass-word",
            "//s3.example.com/",
            "pass-word"
        }) {
            store(address);
            assertThatThrownBy(this::read)
                    .as(address)
                    .hasMessageContaining("S3_ENDPOINT must be an https address with a host")
                    .hasMessageNotContaining("pass-word");
        }
    }

    @Test
    void refusesABucketThatIsNone() {
        store("https://s3.example.com");
        for (String bucket :
                new String[] {"Photos", "photos/of", "ab", "-photos", "photos.", "a..b", "a.-b", "a-.b", "a".repeat(64)
                }) {
            values.put("S3_BUCKET", bucket);
            assertRefused("S3_BUCKET must be the name of a bucket");
        }
        for (String bucket : new String[] {"abc", "contact-photos.of.2026", "a".repeat(63)}) {
            values.put("S3_BUCKET", bucket);
            assertThat(read())
                    .hasValueSatisfying(store -> assertThat(store.bucket()).isEqualTo(bucket));
        }
    }

    private void store(String endpoint) {
        values.put("S3_ENDPOINT", endpoint);
        values.put("S3_BUCKET", "contact-photos");
        values.put("S3_ACCESS_KEY", "the-id");
        values.put("S3_SECRET_KEY", "very secret");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("very secret");
    }

    private Optional<ObjectStore> read() {
        return ObjectStoreReader.read(
                new SettingsReader(name -> Optional.ofNullable(values.get(name.name()))).values());
    }
}
