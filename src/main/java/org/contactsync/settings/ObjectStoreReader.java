package org.contactsync.settings;

import static org.contactsync.settings.Setting.PHOTOS_IN;
import static org.contactsync.settings.Setting.S3_ACCESS_KEY;
import static org.contactsync.settings.Setting.S3_BUCKET;
import static org.contactsync.settings.Setting.S3_ENDPOINT;
import static org.contactsync.settings.Setting.S3_HTTP;
import static org.contactsync.settings.Setting.S3_PATH_STYLE;
import static org.contactsync.settings.Setting.S3_REGION;
import static org.contactsync.settings.Setting.S3_SECRET_KEY;
import static org.contactsync.settings.Setting.S3_TRUST_CERTIFICATE;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads where photos are besides the database. */
final class ObjectStoreReader {
    private ObjectStoreReader() {}

    /** Adds the faults that do not concern one value alone. */
    static void check(SettingValues values) {
        if (!values.isSet(S3_ENDPOINT)) {
            if (values.right(PHOTOS_IN, S3_ENDPOINT) && takesNew(values)) {
                values.addFault(S3_ENDPOINT, "must be set because PHOTOS_IN is s3");
            }
            return;
        }
        for (Setting needed : List.of(S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY)) {
            if (values.right(needed) && !values.isSet(needed)) {
                values.addFault(needed, "must be set because S3_ENDPOINT is set");
            }
        }
        URI endpoint = values.address(S3_ENDPOINT).orElseThrow();
        boolean open = "http".equals(endpoint.getScheme()) && !Loopback.is(endpoint.getHost());
        if (open && values.right(S3_HTTP) && !values.flag(S3_HTTP)) {
            values.addFault(S3_ENDPOINT, "must be an https address, unless S3_HTTP is true");
        }
    }

    /**
     * The store; empty if there is none.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    static Optional<ObjectStore> read(SettingValues values) {
        if (!values.faults().isEmpty()) {
            throw new WrongSettings(values.faults());
        }
        return values.address(S3_ENDPOINT)
                .map(endpoint -> new ObjectStore(
                        endpoint,
                        values.text(S3_BUCKET),
                        values.text(S3_REGION),
                        values.flag(S3_PATH_STYLE),
                        values.text(S3_ACCESS_KEY),
                        values.text(S3_SECRET_KEY),
                        takesNew(values),
                        values.file(S3_TRUST_CERTIFICATE)));
    }

    private static boolean takesNew(SettingValues values) {
        return "s3".equals(values.text(PHOTOS_IN));
    }
}
