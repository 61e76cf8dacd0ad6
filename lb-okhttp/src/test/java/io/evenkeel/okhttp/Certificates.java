package io.evenkeel.okhttp;

import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A server that proves one name, and clients that believe it. */
record Certificates(HandshakeCertificates server, HandshakeCertificates trust) {
    static Certificates of(String name) {
        HeldCertificate certificate =
                new HeldCertificate.Builder().addSubjectAlternativeName(name).build();
        return new Certificates(
                new HandshakeCertificates.Builder().heldCertificate(certificate).build(),
                new HandshakeCertificates.Builder()
                        .addTrustedCertificate(certificate.certificate())
                        .build());
    }

    OkHttpClient.Builder client() {
        return new OkHttpClient.Builder().sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
    }
}
