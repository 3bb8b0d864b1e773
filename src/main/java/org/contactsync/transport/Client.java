package org.contactsync.transport;

/**
 * The other end of a connection.
 *
 * @param address in the form of {@link java.net.InetAddress#getHostAddress}
 */
public record Client(String address, int port) {}
