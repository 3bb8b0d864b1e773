package org.contactsync.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.auth.LoginConfig;

/** The HTTP application: resources and providers are found by their annotations; users come from bearer tokens. */
@ApplicationPath("/")
@LoginConfig(authMethod = "MP-JWT")
public class ContactSyncApplication extends Application {}
