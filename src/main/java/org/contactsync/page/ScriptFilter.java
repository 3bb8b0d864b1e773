package org.contactsync.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.contactsync.checkcode.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Gives the files below {@code /js} and {@code /page} what the server does not: an {@code ETag} of their content, by which a browser
 * asks at each use whether it has them already, so that all modules of a page are of one version. Pages of every origin may import
 * those below {@code /js}: they are the same for everybody. Thread-safe.
 */
@WebFilter(
        urlPatterns = {"/js/*", "/page/*"},
        asyncSupported = true)
public class ScriptFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private static final Pattern NAME = Pattern.compile("/(?:js|page)(?:/[a-z0-9-]+)+(?:\\.[a-z]+)+");

    /** By path; only of files that exist, so there are as many as files. */
    private final transient ConcurrentMap<String, String> tags = new ConcurrentHashMap<>();

    /** For the container. */
    public ScriptFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = path(request);
        Optional<String> tag = tag(path);
        if (tag.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        response.setHeader("ETag", tag.get());
        response.setHeader("Cache-Control", "no-cache");
        if (path.startsWith("/js/")) {
            response.setHeader("Access-Control-Allow-Origin", "*");
        }
        if (isKnown(request.getHeader("If-None-Match"), tag.get())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** In the application; the server calls all of it the servlet's path for some files, and none of it for others. */
    private static String path(HttpServletRequest request) {
        String below = request.getPathInfo();
        return request.getServletPath() + (below == null ? "" : below);
    }

    /** The tag of a file; empty if there is no file of that name. */
    private Optional<String> tag(String path) throws IOException {
        String known = tags.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        if (!NAME.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream file = getServletContext().getResourceAsStream(path)) {
            if (file == null) {
                return Optional.empty();
            }
            String tag = "\"" + HexFormat.of().formatHex(Sha256.digest(file.readAllBytes())) + "\"";
            tags.put(path, tag);
            return Optional.of(tag);
        }
    }

    private static boolean isKnown(@Nullable String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && Stream.of(ifNoneMatch.split(","))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals("W/" + tag));
    }
}
