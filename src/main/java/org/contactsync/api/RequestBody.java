package org.contactsync.api;

import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;

/**
 * The body of a request: read up to a limit, unpacked up to the same limit, checked against its digest.
 *
 * @param sent the bytes as they came
 * @param decoded the bytes without their content coding
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestBody(byte[] sent, byte[] decoded) {
    private static final int BUFFER = 16 * 1024;
    private static final int PACKING = 10;
    private static final Pattern SHORT_NUMBER = Pattern.compile("[0-9]{1,9}");
    /** RFC 9530: a dictionary of algorithms; sha-256 is the one this service asks for. */
    private static final Pattern SHA_256 = Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/]{43}=):");

    /** What the body will take, as far as its length tells: contacts shrink to about a tenth when they are packed. */
    static int expectedBytes(HttpHeaders headers, int most) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length == null || !SHORT_NUMBER.matcher(length).matches()) {
            return most;
        }
        boolean packed = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING) != null;
        return (int) Math.min(most, Long.parseLong(length) * (packed ? PACKING : 1));
    }

    /**
     * Reads it all.
     *
     * @throws ProblemException {@code content-too-large} over {@code most} bytes, packed or unpacked; {@code
     *     unsupported-media-type} for a coding other than gzip
     */
    static RequestBody read(InputStream in, HttpHeaders headers, int most) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length != null && length.length() > 10) {
            throw tooLarge(most);
        }
        try {
            byte[] sent = readAll(in, most);
            String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
            if (coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity")) {
                return new RequestBody(sent, sent);
            }
            if (!coding.strip().equalsIgnoreCase("gzip")) {
                throw ProblemException.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE, "the only Content-Encoding read here is gzip");
            }
            return new RequestBody(sent, unpack(sent, most));
        } catch (IOException e) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "the body ended before it was complete");
        }
    }

    /** Checks {@code Content-Digest} (RFC 9530) over the bytes as they came. */
    void requireDigest(HttpHeaders headers) {
        String header = headers.getHeaderString("Content-Digest");
        if (header == null) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_REQUEST, "Content-Digest is required: sha-256=:base64 of the body as sent:");
        }
        Matcher matcher = SHA_256.matcher(header);
        if (!matcher.find()) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_REQUEST, "Content-Digest must have a sha-256 value: sha-256=:base64:");
        }
        if (!MessageDigest.isEqual(Base64.getDecoder().decode(matcher.group(1)), Sha256.digest(sent))) {
            throw ProblemException.of(
                    ProblemType.DIGEST_MISMATCH, "the body's SHA-256 is not the one in Content-Digest");
        }
    }

    private static byte[] unpack(byte[] packed, int most) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), BUFFER)) {
            return readAll(in, most);
        } catch (ZipException | EOFException e) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "the body is not well-formed gzip");
        }
    }

    private static byte[] readAll(InputStream in, int most) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > most) {
                throw tooLarge(most);
            }
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }

    private static ProblemException tooLarge(int most) {
        return ProblemException.of(
                ProblemType.CONTENT_TOO_LARGE, "a body has at most " + most + " bytes, unpacked too");
    }
}
