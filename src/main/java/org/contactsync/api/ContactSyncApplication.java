package org.contactsync.api;

import jakarta.ws.rs.core.Application;

/**
 * The HTTP application: resources and providers are found by their annotations. The paths that it answers are in {@code web.xml}; all
 * others are files of the web application (decision 34).
 */
public class ContactSyncApplication extends Application {}
