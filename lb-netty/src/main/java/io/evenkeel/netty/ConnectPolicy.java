package io.evenkeel.netty;

/** How hard a connection to a backend is tried: how long each attempt may take, and how many backends are tried. */
record ConnectPolicy(int timeoutMillis, int attempts) {}
