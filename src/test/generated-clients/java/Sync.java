import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.BookApi;
import org.openapitools.client.api.OperationApi;
import org.openapitools.client.api.SyncApi;
import org.openapitools.client.model.Change;
import org.openapitools.client.model.Chunk;
import org.openapitools.client.model.Commit;
import org.openapitools.client.model.Contact;
import org.openapitools.client.model.NewContact;
import org.openapitools.client.model.Outcome;
import org.openapitools.client.model.Patch;
import org.openapitools.client.model.UploadOpening;

/** A sync with nothing but the generated client: put, delete, and an upload in one chunk. */
public final class Sync {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0].replaceAll("/$", ""));
        String token = new OperationApi(client).makeDevelopmentToken(arguments[1], null).getToken();
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        BookApi books = new BookApi(client);
        SyncApi sync = new SyncApi(client);

        String first = books.getBook(null, null).getCheckCode();
        Map<String, Object> card = Map.of(
                "@type", "Card", "version", "1.0", "name", Map.of("full", "Ada Lovelace"),
                "phones", Map.of("k1", Map.of("number", "+44 20 7946 0958")));
        Change put = new Change().op(Change.OpEnum.PUT).uid("ada").card(card).ifAbsent(true);
        Outcome added = sync.patchContacts(new Patch().changes(List.of(put)), quoted(first), null, null, null, null, null);
        expect("put", added.getApplied().getPut().longValue(), 1L);
        Contact stored = books.getContact("ada", null);
        expect("card", stored.getCard(), card);

        Change delete = new Change().op(Change.OpEnum.DELETE).uid("ada").ifContentHash(stored.getContentHash());
        Outcome deleted =
                sync.patchContacts(new Patch().changes(List.of(delete)), quoted(added.getCheckCode()), null, null, null, null, null);
        expect("check code after put and delete", deleted.getCheckCode(), first);

        String task = sync.openUpload(
                        new UploadOpening()
                                .kind(UploadOpening.KindEnum.INITIAL)
                                .checkBefore(first)
                                .chunks(1)
                                .contacts(1),
                        null,
                        null)
                .getId()
                .toString();
        Chunk chunk = new Chunk().contacts(List.of(new NewContact().uid("grace").card(card)));
        byte[] body = client.getObjectMapper().writeValueAsBytes(chunk);
        String digest = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        String staged = sync.putChunk("sha-256=:" + digest + ":", task, 1, chunk, null, null, null).getCheckCode();
        expect("second check code", sync.commitUpload(task, null, new Commit()).getCheckCode(), staged);
        System.out.println("synced");
    }

    private static String quoted(String code) {
        return '"' + code + '"';
    }

    private static void expect(String what, Object seen, Object wanted) {
        if (!seen.equals(wanted)) {
            throw new IllegalStateException(what + ": " + seen + " instead of " + wanted);
        }
    }
}
