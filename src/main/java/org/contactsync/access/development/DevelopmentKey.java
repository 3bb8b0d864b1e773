package org.contactsync.access.development;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.contactsync.checkcode.Sha256;

/** The RSA key of development tokens, kept in the data directory so that tokens outlive a restart. */
public final class DevelopmentKey {
    private static final String FILE = "development-key.p8";
    private static final int BITS = 2048;
    private static final int ID_BYTES = 12;

    private DevelopmentKey() {}

    /**
     * Reads the key, or makes it when there is none yet; the file is readable by its owner only. Processes that start at the same time on
     * one directory get the same key.
     *
     * @return the private key with its public part, its use and its id
     * @throws UncheckedIOException when the directory cannot be written or the file is no key
     */
    public static RSAKey in(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        try {
            Files.createDirectories(dataDirectory);
            if (!Files.exists(file)) {
                create(file);
            }
            return key(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("development key in " + dataDirectory, e);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException("no development key in " + file, e));
        }
    }

    /** The file appears whole, and is not written again: whoever comes second reads the first one's. */
    private static void create(Path file) throws IOException, JOSEException {
        Path written = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            byte[] key = new RSAKeyGenerator(BITS).generate().toRSAPrivateKey().getEncoded();
            Files.write(written, key, StandardOpenOption.DSYNC);
            place(written, file);
        } catch (FileAlreadyExistsException e) {
            // Another process was first.
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void place(Path written, Path file) throws IOException {
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // A file system without links. This replaces nothing either, but looks first and moves then.
            Files.move(written, file);
        }
    }

    private static RSAKey key(byte[] pkcs8) throws GeneralSecurityException {
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        RSAPublicKey publicKey =
                (RSAPublicKey) rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        return new RSAKey.Builder(publicKey)
                .privateKey(key)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .keyID(id(publicKey))
                .build();
    }

    /** The start of its digest. Tokens name it, so it is the same in each version. */
    private static String id(RSAPublicKey key) {
        byte[] digest = Sha256.digest(key.getEncoded());
        return Base64URL.encode(Arrays.copyOf(digest, ID_BYTES)).toString();
    }
}
