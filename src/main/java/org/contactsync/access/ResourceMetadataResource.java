package org.contactsync.access;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.contactsync.settings.PageOptions;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;

/** Tells clients where to get tokens: OAuth 2.0 Protected Resource Metadata (RFC 9728). */
@Path(ResourceMetadataResource.PATH)
@Dependent
public class ResourceMetadataResource {
    static final String PATH = ".well-known/oauth-protected-resource";

    private final TokenIssuer issuer;
    private final PageOptions page;

    @Inject
    public ResourceMetadataResource(Settings settings, PageOptions page) {
        issuer = settings.issuer();
        this.page = page;
    }

    /** The metadata; without {@code authorization_servers} while the service gives development tokens itself. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String metadata(@Context UriInfo uri) {
        String address = uri.getBaseUri().toString().replaceAll("/$", "");
        JsonObjectBuilder metadata = Json.createObjectBuilder()
                .add("resource", address)
                .add("resource_name", "contact-sync")
                .add("bearer_methods_supported", Json.createArrayBuilder().add("header"))
                .add("resource_documentation", address + "/docs/protocol.md");
        if (issuer instanceof TokenIssuer.External external) {
            metadata.add("authorization_servers", Json.createArrayBuilder().add(external.name()));
            page.clientId().ifPresent(id -> metadata.add("web_client_id", id));
        }
        return metadata.build().toString();
    }
}
