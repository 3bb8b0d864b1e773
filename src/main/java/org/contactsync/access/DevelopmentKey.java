package org.contactsync.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.contactsync.checkcode.Sha256;

/**
 * The RSA key of development tokens, kept in the data directory so that tokens outlive a restart. Immutable, thread-safe.
 */
final class DevelopmentKey {
    private static final String FILE = "development-key.p8";
    private static final int BITS = 2048;

    private final RSAPrivateCrtKey privateKey;
    private final RSAPublicKey publicKey;

    private DevelopmentKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * Reads the key, or makes it when there is none yet; the file is readable by its owner only.
     *
     * @throws UncheckedIOException when the directory cannot be written or the file is no key
     */
    static synchronized DevelopmentKey in(Path dataDirectory) {
        try {
            Files.createDirectories(dataDirectory);
            Path file = dataDirectory.resolve(FILE);
            if (!Files.exists(file)) {
                write(file);
            }
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(file)));
            RSAPublicKey publicKey =
                    (RSAPublicKey) rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new DevelopmentKey(key, publicKey);
        } catch (IOException e) {
            throw new UncheckedIOException("development key in " + dataDirectory, e);
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException("no development key in " + dataDirectory.resolve(FILE), e));
        }
    }

    private static void write(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        KeyPair pair = generator.generateKeyPair();
        Path written = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(written, pair.getPrivate().getEncoded());
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The public key as a JSON Web Key Set (RFC 7517). */
    String keySet() {
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                .formatted(
                        id(),
                        base64(unsigned(publicKey.getModulus().toByteArray())),
                        base64(unsigned(publicKey.getPublicExponent().toByteArray())));
    }

    /** A name of the key for the token's header, the start of its digest. */
    String id() {
        byte[] digest = Sha256.digest(publicKey.getEncoded());
        return base64(Arrays.copyOf(digest, 12));
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256, which JWS calls RS256. */
    byte[] sign(byte[] data) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of this class can sign", e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** RFC 7518 section 2: no leading zero byte. */
    private static byte[] unsigned(byte[] integer) {
        return integer[0] == 0 ? Arrays.copyOfRange(integer, 1, integer.length) : integer;
    }
}
