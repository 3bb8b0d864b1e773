package org.contactsync.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.account.RequestKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of an account, without a server. */
class AccountArchiveTest {
    private static final Instant AT = Instant.parse("2026-11-26T17:05:00Z");
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);
    private static final int CONTACTS = 3;

    @TempDir
    private Path directory;

    /** Protocol 4.26.1 and 4.26.3. */
    @Test
    void hasAllFilesAndLastTheManifest() throws IOException {
        Map<String, byte[]> files = files(archive(OptionalLong.of(1)));

        List<String> names = new ArrayList<>(
                Arrays.stream(ArchivedFile.values()).map(ArchivedFile::path).toList());
        names.add(AccountArchive.MANIFEST);
        assertThat(files.keySet()).containsExactlyElementsOf(names);
        assertThat(uids(JsContactFile.read(bytes(files, ArchivedFile.CONTACTS), 100)))
                .containsExactly("uid-0", "uid-1", "uid-2");
        assertThat(uids(VcardFile.read(bytes(files, ArchivedFile.VCARDS), Optional.empty(), 100)))
                .containsExactly("uid-0", "uid-1", "uid-2");
        assertThat(list(files, ArchivedFile.TRASH)).isEmpty();
        assertThat(list(files, ArchivedFile.VERSIONS)).hasSize(2).first().satisfies(each -> {
            assertThat(each.asJsonObject().getString("uid")).isEqualTo("uid-7");
            assertThat(each.asJsonObject().containsKey("origin")).isFalse();
        });
        assertThat(list(files, ArchivedFile.LOST).getJsonObject(0).getString("origin"))
                .isEqualTo("conflict");
        assertThat(list(files, ArchivedFile.DEVICES).getJsonObject(0).getString("id"))
                .isEqualTo("phone");
        JsonObject change = list(files, ArchivedFile.HISTORY).getJsonObject(0);
        assertThat(change.getString("checkCodeBefore")).isEqualTo(Examples.OTHER_CODE.value());
        assertThat(change.getString("checkCode")).isEqualTo(Examples.SOME_CODE.value());
    }

    /** Protocol 4.26.3. */
    @Test
    void theManifestSaysWhatTheFilesHave() throws IOException {
        Map<String, byte[]> files = files(archive(OptionalLong.of(1)));

        JsonObject manifest = object(files);
        assertThat(manifest.getString("createdAt")).isEqualTo("2026-11-26T17:05:00Z");
        assertThat(manifest.getString("checkCode")).isEqualTo(Examples.SOME_CODE.value());
        assertThat(manifest.getString("checkKey")).isEqualTo(KEY.base64Url());
        assertThat(manifest.getInt("seq")).isEqualTo(9);
        assertThat(manifest.getInt("count")).isEqualTo(CONTACTS);
        assertThat(manifest.getInt("historyFrom")).isEqualTo(1);
        List<JsonObject> listed = manifest.getJsonArray("files").getValuesAs(JsonObject.class);
        assertThat(listed).extracting(each -> each.getInt("items")).containsExactly(3, 3, 0, 2, 1, 1, 1);
        for (JsonObject each : listed) {
            byte[] content = bytes(files, each.getString("name"));
            assertThat(each.getInt("bytes")).isEqualTo(content.length);
            assertThat(each.getString("sha256")).isEqualTo(HexFormat.of().formatHex(Sha256.digest(content)));
        }
        assertThat(object(files(archive(OptionalLong.empty()))).containsKey("historyFrom"))
                .isFalse();
    }

    /** Protocol 4.26.2: what was cut off is no archive. */
    @Test
    void whatIsNotFinishedIsNoArchive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AccountArchive archive = new AccountArchive(out, AT);
        archive.begin(ArchivedFile.TRASH).end();
        archive.flush();
        archive.free();
        Path file = Files.write(directory.resolve("account.zip"), out.toByteArray());

        assertThatThrownBy(() -> new ZipFile(file.toFile()).close()).isInstanceOf(ZipException.class);
    }

    private static byte[] archive(OptionalLong historyFrom) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AccountArchive archive = new AccountArchive(out, AT);
        for (ArchivedFile file : ArchivedFile.values()) {
            AccountArchive.Entry entry = archive.begin(file);
            switch (file) {
                case CONTACTS, VCARDS -> {
                    for (int n = 0; n < CONTACTS; n++) {
                        entry.contact(Examples.uid(n), Examples.card("name " + n));
                    }
                }
                case VERSIONS -> {
                    entry.version(version(7, false));
                    entry.version(version(1, false));
                }
                case LOST -> entry.version(version(1, true));
                case DEVICES ->
                    entry.device(new Installation(new DeviceId("phone"), AT, RequestKind.CHANGE, Optional.empty()));
                case HISTORY ->
                    entry.change(new PastChange(
                            1,
                            AT,
                            TaskKind.INCREMENTAL,
                            TaskId.random(),
                            Optional.empty(),
                            Examples.OTHER_CODE,
                            Examples.SOME_CODE,
                            3,
                            3,
                            0,
                            false));
                case TRASH -> archive.flush();
            }
            entry.end();
        }
        archive.finish(new AccountArchive.State(Examples.SOME_CODE, KEY, 9, CONTACTS, historyFrom));
        archive.free();
        return out.toByteArray();
    }

    private static PastVersion version(int n, boolean lost) {
        Content content = new Content(Examples.card("old"), Examples.CODES.contentHash(Examples.card("old")));
        return new PastVersion(Examples.uid(n), content, Examples.PHONE, 1, 2, AT, Optional.empty(), lost);
    }

    private static Map<String, byte[]> files(byte[] archive) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] bytes(Map<String, byte[]> files, ArchivedFile file) {
        return bytes(files, file.path());
    }

    private static byte[] bytes(Map<String, byte[]> files, String name) {
        return Optional.ofNullable(files.get(name)).orElseThrow();
    }

    private static JsonArray list(Map<String, byte[]> files, ArchivedFile file) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes(files, file)))) {
            return reader.readArray();
        }
    }

    private static JsonObject object(Map<String, byte[]> files) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes(files, AccountArchive.MANIFEST)))) {
            return reader.readObject();
        }
    }

    private static List<String> uids(ImportedFile file) {
        assertThat(file.report().flaws()).isEmpty();
        return file.changes().stream().map(Change::uid).map(uid -> uid.value()).toList();
    }
}
