package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netty")
class SocketBudgetTest {

    @Test
    void whatIsGivenBackMayBeTakenAgainAndNoMore() {
        SocketBudget budget = new SocketBudget(2);

        assertTrue(budget.take());
        assertTrue(budget.take());
        assertFalse(budget.take());
        assertFalse(budget.take());

        budget.giveBack();
        assertTrue(budget.take());
        assertFalse(budget.take());
    }
}
