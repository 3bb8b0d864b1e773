package org.contactsync.client;

import okhttp3.OkHttpClient;
import org.contactsync.client.http.okhttp.OkHttp;
import org.contactsync.client.http.port.HttpPort;

/** The same over the HTTP of Android. */
class AccountDownloadOverOkHttpTest extends AccountDownloadTest {
    @Override
    HttpPort http() {
        return new OkHttp(new OkHttpClient());
    }
}
