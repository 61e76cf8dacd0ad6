package io.evenkeel.backend;

/** What an operator says about a member of one pool; it outranks what probes and traffic say. Azure's three words. */
public enum AdminState {
    /** May be chosen, whatever its probe says. */
    UP,
    /** Gets no new picks, whatever its probe says; those it has go on. */
    DOWN,
    /** The operator says nothing: probes and traffic decide. The default. */
    NONE
}
