package org.contactsync.settings;

import static org.contactsync.settings.Setting.BLOCK_LIST;
import static org.contactsync.settings.Setting.BROKER_EMBEDDED;
import static org.contactsync.settings.Setting.BROKER_TLS;
import static org.contactsync.settings.Setting.BROKER_TRUST_STORE;
import static org.contactsync.settings.Setting.BROKER_TRUST_STORE_PASSWORD;
import static org.contactsync.settings.Setting.DATA_DIR;
import static org.contactsync.settings.Setting.DB_KIND;
import static org.contactsync.settings.Setting.DB_TLS;
import static org.contactsync.settings.Setting.DB_TRUST_CERTIFICATE;
import static org.contactsync.settings.Setting.HTTP_HOST;
import static org.contactsync.settings.Setting.HTTP_PORT;
import static org.contactsync.settings.Setting.JWT_ISSUER;
import static org.contactsync.settings.Setting.S3_TRUST_CERTIFICATE;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE_PASSWORD;
import static org.contactsync.settings.Setting.WEBHOOK_ENDPOINTS;
import static org.contactsync.settings.Setting.WEBHOOK_HOSTS;
import static org.contactsync.settings.Setting.WEBHOOK_HTTP;
import static org.contactsync.settings.Setting.WEBHOOK_TRUST_CERTIFICATE;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/**
 * Checks whether what the settings refer to exists: directory, port, certificate files. Reports problems as faults of the
 * setting, so that all are in one list. One thread at a time.
 */
final class Surroundings {
    private final SettingValues values;

    Surroundings(SettingValues values) {
        this.values = values;
    }

    /** Adds the faults that are found to those of the values. */
    void check() {
        checkDataDirectory();
        checkPort();
        if (!values.flag(BROKER_EMBEDDED) && values.flag(BROKER_TLS)) {
            checkStore(BROKER_TRUST_STORE, BROKER_TRUST_STORE_PASSWORD);
        }
        if (values.isSet(JWT_ISSUER)) {
            checkStore(TLS_TRUST_STORE, TLS_TRUST_STORE_PASSWORD);
        }
        if (values.text(DB_KIND).equals("postgres") && values.flag(DB_TLS)) {
            checkCertificate(DB_TRUST_CERTIFICATE);
        }
        checkCertificate(WEBHOOK_TRUST_CERTIFICATE);
        checkCertificate(S3_TRUST_CERTIFICATE);
        checkWebhooks();
    }

    private void checkWebhooks() {
        if (!values.right(WEBHOOK_ENDPOINTS, WEBHOOK_HOSTS, WEBHOOK_HTTP)) {
            return;
        }
        try {
            SettingsReader.endpoints(values);
        } catch (IOException e) {
            values.addFault(WEBHOOK_ENDPOINTS, "cannot be read: " + reason(e));
        } catch (IllegalArgumentException e) {
            values.addFault(WEBHOOK_ENDPOINTS, String.valueOf(e.getMessage()));
        }
        if (values.isSet(BLOCK_LIST)
                && !Files.isReadable(values.file(BLOCK_LIST).orElseThrow())) {
            values.addFault(
                    BLOCK_LIST,
                    "is not a file that can be read: " + values.file(BLOCK_LIST).orElseThrow());
        }
    }

    private void checkDataDirectory() {
        if (!values.right(DATA_DIR)) {
            return;
        }
        Path directory = values.file(DATA_DIR).orElseThrow();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "written-at-start", ""));
            if (values.right(DB_KIND)
                    && !values.text(DB_KIND).equals("postgres")
                    && !DataDirectoryLock.take(directory)) {
                values.addFault(DATA_DIR, "is in use by another process: " + directory);
            }
        } catch (IOException e) {
            values.addFault(DATA_DIR, "cannot be created or written: " + reason(e));
        }
    }

    private void checkPort() {
        if (!values.right(HTTP_HOST, HTTP_PORT)) {
            return;
        }
        String host = values.text(HTTP_HOST);
        int port = values.count(HTTP_PORT);
        try (ServerSocket socket = new ServerSocket()) {
            // As the server does: connections of a process that has just ended do not count.
            socket.setReuseAddress(true);
            socket.bind(
                    "*".equals(host)
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            if (OwnSockets.listenOn(port)) {
                // The server already listens: the application was started later.
                return;
            }
            values.addFault(HTTP_PORT, "cannot be opened: " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private void checkStore(Setting store, Setting password) {
        if (!values.isSet(store) || !values.right(store, password)) {
            return;
        }
        Path file = values.file(store).orElseThrow();
        try (InputStream in = Files.newInputStream(file)) {
            // Reads JKS files too.
            KeyStore.getInstance("PKCS12")
                    .load(
                            in,
                            values.text(password).isEmpty()
                                    ? null
                                    : values.text(password).toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            values.addFault(store, "cannot be read with " + password + ": " + reason(e));
        }
    }

    private void checkCertificate(Setting setting) {
        if (!values.isSet(setting) || !values.right(setting)) {
            return;
        }
        Path file = values.file(setting).orElseThrow();
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                values.addFault(setting, "has no certificate: " + file);
            }
        } catch (IOException | GeneralSecurityException e) {
            values.addFault(setting, "is not a PEM file with certificates: " + reason(e));
        }
    }

    private static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return failure.getMessage() + " does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getMessage() + " cannot be read or written by this user";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + " is not a directory";
        }
        return String.valueOf(failure.getMessage());
    }
}
