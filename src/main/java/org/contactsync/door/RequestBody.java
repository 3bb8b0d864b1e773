package org.contactsync.door;

import jakarta.ws.rs.core.HttpHeaders;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * The complete body of a request, read by {@link BodyReader}.
 *
 * @param sent the bytes as received
 * @param decoded the bytes without their content coding
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RequestBody(byte[] sent, byte[] decoded) {
    /** RFC 9530: a dictionary of algorithms; sha-256 is the one this service asks for. */
    private static final Pattern SHA_256 = Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/]{43}=):");

    /** Checks {@code Content-Digest} (RFC 9530) over the bytes as received. */
    public void requireDigest(HttpHeaders headers) {
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

    static ProblemException tooLarge(int most) {
        return ProblemException.of(
                ProblemType.CONTENT_TOO_LARGE, "a body has at most " + most + " bytes, also after decompression");
    }
}
