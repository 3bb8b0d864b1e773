package org.contactsync.client.remote;

import jakarta.json.JsonObject;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.http.AnswerSize;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Request;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.PageReader;
import org.contactsync.protocol.json.PageReader.Entries;

/** Reads the digest tree of the server's book (protocol 4.7), as {@link BookClient} reads the book. For one thread at a time. */
public final class TreeClient {
    private static final String DIGESTS = "/v1/book/digests";

    private static final int PAGE = 5000;

    /** Bytes of a node. */
    private static final int NODE = 16;

    private final Exchange exchange;

    TreeClient(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Nodes of the digest tree as hex, in the order asked, with the check code they belong to. */
    public record TreeNodes(CheckCode checkCode, List<String> nodes) {}

    /**
     * The nodes {@code depth} levels below each of the prefixes, in this order.
     *
     * @return empty when the server takes only one prefix at a time, as the previous version does
     */
    public Optional<TreeNodes> nodes(List<String> prefixes, int depth) throws ServerUnreachable, ServerRefusal {
        Response response =
                exchange.send(exchange.to(DIGESTS + "?depth=" + depth + "&prefix=" + String.join(",", prefixes))
                        .setHeader("Accept", "application/octet-stream, application/problem+json")
                        .get()
                        .build());
        if (response.status() == 400 && prefixes.size() > 1) {
            return Optional.empty();
        }
        int expected = prefixes.size() << 4 * depth;
        return Optional.of(response.parsed(bytes -> {
            if (bytes.length != NODE * expected) {
                throw new IllegalArgumentException("nodes: " + NODE + " bytes each");
            }
            return new TreeNodes(
                    tag(response),
                    IntStream.range(0, expected)
                            .mapToObj(i -> HexFormat.of().formatHex(bytes, NODE * i, NODE * (i + 1)))
                            .toList());
        }));
    }

    /** The check code that an answer says in its {@code ETag}. */
    static CheckCode tag(Response response) {
        String tag = response.headers().firstValue("ETag").orElse("");
        if (tag.length() < 2) {
            throw new IllegalArgumentException("ETag: a check code between double quotes");
        }
        return new CheckCode(tag.substring(1, tag.length() - 1));
    }

    /**
     * The hashes of the contacts under some prefixes, page by page. When the book changes between two pages they are not all, and
     * of the check code of the first page.
     */
    public Entries<ContentHash> entries(List<String> prefixes) throws ServerUnreachable, ServerRefusal {
        return entries(exchange.send(entriesRequest(prefixes, "").build(), AnswerSize.ENTRIES), PageReader::entries);
    }

    /**
     * The first {@code bytes} bytes of each hash, as hex; otherwise as {@link #entries(List)}.
     *
     * @return empty when the server shortens no hashes, as the previous version
     */
    public Optional<Entries<String>> shortEntries(List<String> prefixes, int bytes)
            throws ServerUnreachable, ServerRefusal {
        Response first =
                exchange.send(entriesRequest(prefixes, "&hash=" + bytes).build(), AnswerSize.ENTRIES);
        return first.status() == 400
                ? Optional.empty()
                : Optional.of(entries(first, json -> PageReader.shortEntries(json, bytes)));
    }

    private Request.Builder entriesRequest(List<String> prefixes, String more) {
        String prefix = String.join(",", prefixes);
        return exchange.toList(DIGESTS + "/entries?prefix=" + prefix + more + "&limit=" + PAGE)
                .get();
    }

    private <H> Entries<H> entries(Response first, Function<JsonObject, Entries<H>> reading)
            throws ServerUnreachable, ServerRefusal {
        Entries<H> page = first.read(reading);
        CheckCode code = page.checkCode();
        Map<Uid, H> entries = new LinkedHashMap<>(page.entries());
        while (page.next().isPresent()) {
            BookClient.requireProgress(!page.entries().isEmpty() && entries.size() <= BookClient.MOST_CONTACTS);
            Request.Builder next = exchange.toList(exchange.follow(page.next().get()))
                    .get()
                    .header("If-Match", BookClient.quoted(code));
            Response response = exchange.send(next.build(), AnswerSize.ENTRIES);
            if (response.status() == 412) {
                break;
            }
            int before = entries.size();
            page = response.read(reading);
            entries.putAll(page.entries());
            BookClient.requireProgress(page.next().isEmpty() || entries.size() > before);
        }
        return new Entries<>(code, entries, Optional.empty());
    }
}
