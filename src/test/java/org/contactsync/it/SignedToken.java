package org.contactsync.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A JSON Web Token with any content, good or bad.
 *
 * @param issuer {@code iss}
 * @param audience {@code aud}
 * @param subject {@code sub}
 * @param issuedAt {@code iat}
 * @param expires {@code exp}
 * @param keyId {@code kid}
 */
record SignedToken(String issuer, String audience, String subject, Instant issuedAt, Instant expires, String keyId) {
    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    /** The key that the service made for itself. */
    static KeyPair developmentKeys(Path dataDirectory) throws Exception {
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa.generatePrivate(
                new PKCS8EncodedKeySpec(Files.readAllBytes(dataDirectory.resolve("development-key.p8"))));
        return new KeyPair(rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())), key);
    }

    static String keySet(KeyPair keys, String keyId) {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"AQAB\"}]}"
                .formatted(keyId, base64(unsigned(key.getModulus().toByteArray())));
    }

    SignedToken by(String otherIssuer) {
        return new SignedToken(otherIssuer, audience, subject, issuedAt, expires, keyId);
    }

    SignedToken to(String otherAudience) {
        return new SignedToken(issuer, otherAudience, subject, issuedAt, expires, keyId);
    }

    SignedToken from(Instant start, Instant end) {
        return new SignedToken(issuer, audience, subject, start, end, keyId);
    }

    String rs256(PrivateKey key) throws GeneralSecurityException {
        String content = content("RS256");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + base64(signature.sign());
    }

    /** The well-known confusion: the public key as the secret of an HMAC. */
    String hs256(byte[] secret) throws GeneralSecurityException {
        String content = content("HS256");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    String unsigned() {
        return content("none") + ".";
    }

    private String content(String algorithm) {
        String header = "{\"typ\":\"JWT\",\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, keyId);
        String claims = "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
                .formatted(issuer, audience, subject, issuedAt.getEpochSecond(), expires.getEpochSecond());
        return base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] unsigned(byte[] integer) {
        return integer[0] == 0 ? java.util.Arrays.copyOfRange(integer, 1, integer.length) : integer;
    }
}
