package io.evenkeel.benchmarks;

/** Addresses and keys that every peer gets alike. */
final class Peers {
    static final int PORT = 80;
    static final int KEYS = 1024;

    private Peers() {}

    static String host(int i) {
        return "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
    }

    static String key(int i) {
        return "session-" + Integer.toHexString(i * 0x9e3779b9);
    }
}
