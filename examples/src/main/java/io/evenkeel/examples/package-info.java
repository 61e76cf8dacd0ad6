/** Programs to run and to copy from. Start at {@link io.evenkeel.examples.ThreeVms}. */
@NullMarked
package io.evenkeel.examples;

import org.jspecify.annotations.NullMarked;
