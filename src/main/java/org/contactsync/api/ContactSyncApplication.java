package org.contactsync.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The HTTP application: resources and providers are found by their annotations. */
@ApplicationPath("/")
public class ContactSyncApplication extends Application {}
