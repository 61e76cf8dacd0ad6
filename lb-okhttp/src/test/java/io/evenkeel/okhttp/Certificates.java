package io.evenkeel.okhttp;

import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A server that proves its names, and clients that believe it. */
record Certificates(HandshakeCertificates server, HandshakeCertificates trust) {
    static Certificates of(String... names) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder();
        for (String name : names) {
            builder.addSubjectAlternativeName(name);
        }
        HeldCertificate certificate = builder.build();
        return new Certificates(
                new HandshakeCertificates.Builder().heldCertificate(certificate).build(),
                new HandshakeCertificates.Builder()
                        .addTrustedCertificate(certificate.certificate())
                        .build());
    }

    /** A server whose certificate was good on the first day of 1970, by an authority that clients still believe. */
    static Certificates expired(String name) {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName(name)
                .validityInterval(0, Duration.ofDays(1).toMillis())
                .signedBy(authority)
                .build();
        return new Certificates(
                new HandshakeCertificates.Builder().heldCertificate(certificate).build(),
                new HandshakeCertificates.Builder()
                        .addTrustedCertificate(authority.certificate())
                        .build());
    }

    OkHttpClient.Builder client() {
        return new OkHttpClient.Builder().sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
    }
}
