package io.evenkeel.health;

import java.io.IOException;

/** This process could not open a socket, most likely for want of descriptors: nobody was asked, and nobody is to blame. */
final class NoSocketException extends IOException {
    private static final long serialVersionUID = 1;

    NoSocketException(IOException cause) {
        super("no socket to probe from: " + cause.getMessage(), cause);
    }
}
