package org.contactsync.client.cli.file;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.Sha256;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.protocol.json.BoundedJson;

/**
 * The archive of an account in a file (protocol 4.26).
 *
 * @param contacts of the book
 * @param checkCode of the book
 */
public record AccountFile(long contacts, CheckCode checkCode) {
    private static final String MANIFEST = "manifest.json";
    private static final int LARGEST_MANIFEST = 1 << 20;
    private static final int PART = 64 * 1024;

    /**
     * Reads an archive once.
     *
     * @throws Complaint unless it has everything that its manifest says
     */
    public static AccountFile verified(Path file) throws IOException, Complaint {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            JsonObject manifest = BoundedJson.object(manifest(zip));
            for (JsonObject each : manifest.getJsonArray("files").getValuesAs(JsonObject.class)) {
                requireWhole(zip, each);
            }
            return new AccountFile(
                    manifest.getJsonNumber("count").longValueExact(), new CheckCode(manifest.getString("checkCode")));
        } catch (ZipException e) {
            throw incomplete("it is no ZIP file");
        } catch (RuntimeException e) {
            // Whatever is wrong with the manifest.
            throw incomplete("its manifest cannot be read");
        }
    }

    private static byte[] manifest(ZipFile zip) throws IOException, Complaint {
        ZipEntry entry = zip.getEntry(MANIFEST);
        if (entry == null) {
            throw incomplete("it has no manifest");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readNBytes(LARGEST_MANIFEST);
        }
    }

    private static void requireWhole(ZipFile zip, JsonObject said) throws IOException, Complaint {
        String name = said.getString("name");
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw incomplete(name + " is missing");
        }
        long bytes = said.getJsonNumber("bytes").longValueExact();
        long found = 0;
        try (DigestInputStream in = new DigestInputStream(zip.getInputStream(entry), Sha256.start())) {
            byte[] part = new byte[PART];
            for (int read = in.read(part); read >= 0 && found <= bytes; read = in.read(part)) {
                found += read;
            }
            String hash = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (found != bytes || !hash.equals(said.getString("sha256"))) {
                throw incomplete(name + " is not what the manifest says");
            }
        }
    }

    private static Complaint incomplete(String reason) {
        return new Complaint(
                ExitCode.REFUSED, "The server's archive is not whole: " + reason + ". Nothing was written. Try again.");
    }
}
