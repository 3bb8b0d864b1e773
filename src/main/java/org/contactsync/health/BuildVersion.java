package org.contactsync.health;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of the service, as written into the application by the build. */
final class BuildVersion {
    private static final String FILE = "/META-INF/contact-sync-version.properties";

    private static final String UNKNOWN = "unknown";

    private BuildVersion() {}

    static String text() {
        try (InputStream in = BuildVersion.class.getResourceAsStream(FILE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            String version = properties.getProperty("version", UNKNOWN);
            return version.startsWith("$") ? UNKNOWN : version;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
