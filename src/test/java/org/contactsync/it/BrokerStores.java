package org.contactsync.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Key and certificates of a broker on this machine, made by the JDK's {@code keytool}: its key, a store that trusts it, and one
 * that trusts another. All are PKCS#12 with one password.
 */
record BrokerStores(Path key, Path trusting, Path trustingAnother) {
    static final String PASSWORD = "changeit";

    /** Makes them in the directory, or finds them there. */
    static BrokerStores in(Path directory) {
        BrokerStores stores = new BrokerStores(
                directory.resolve("broker.p12"),
                directory.resolve("trust.p12"),
                directory.resolve("trust-another.p12"));
        if (!Files.exists(stores.trustingAnother)) {
            stores.make(directory, stores.key, stores.trusting);
            stores.make(directory, directory.resolve("another.p12"), stores.trustingAnother);
        }
        return stores;
    }

    private void make(Path directory, Path keyStore, Path trustStore) {
        Path certificate = directory.resolve("certificate.der");
        keytool(
                List.of("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1"),
                List.of("-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-validity", "2"),
                store(keyStore));
        keytool(
                List.of("-exportcert", "-alias", "broker", "-file", certificate.toString()),
                List.of(),
                store(keyStore));
        keytool(
                List.of("-importcert", "-noprompt", "-alias", "broker", "-file", certificate.toString()),
                List.of(),
                store(trustStore));
    }

    private static List<String> store(Path file) {
        return List.of("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD);
    }

    @SafeVarargs
    private static void keytool(List<String>... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        List.of(arguments).forEach(command::addAll);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
