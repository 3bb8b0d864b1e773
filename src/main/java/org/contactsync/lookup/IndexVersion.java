package org.contactsync.lookup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What an index was derived with: the form of its entries, and the metadata of the library that reads numbers. One of another form is
 * not used; one of earlier metadata is derived again; one of later metadata, by a newer release that runs beside this one, is used as it is.
 */
final class IndexVersion {
    /** Numbers of versions of the library are smaller. */
    private static final long FORMS = 1_000_000_000_000L;

    private static final String LIBRARY = "/META-INF/maven/com.googlecode.libphonenumber/libphonenumber/pom.properties";

    /** Of this release. */
    static final long NOW = of(IndexedCard.FORM, libraryVersion());

    private IndexVersion() {}

    /** @param library such as 9.0.12 */
    static long of(int form, String library) {
        long version = 0;
        String[] parts = library.split("[.-]");
        for (int i = 0; i < 3; i++) {
            String part = i < parts.length ? parts[i] : "0";
            version = version * 10_000 + (part.matches("[0-9]{1,4}") ? Long.parseLong(part) : 0);
        }
        return form * FORMS + version;
    }

    static boolean isUsable(long version, long now) {
        return version / FORMS == now / FORMS;
    }

    /** Whether an index of that version has to be derived again. */
    static boolean isEarlier(long version, long now) {
        return version < now;
    }

    private static String libraryVersion() {
        try (@Nullable InputStream in = NumberText.PHONES.getClass().getResourceAsStream(LIBRARY)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
