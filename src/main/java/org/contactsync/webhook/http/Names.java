package org.contactsync.webhook.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names up. */
interface Names {
    InetAddress[] lookUp(String host) throws UnknownHostException;
}
