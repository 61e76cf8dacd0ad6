package io.evenkeel.examples;

import io.evenkeel.availability.MaintenanceProgress;
import io.evenkeel.backend.Placement;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;

/** A maintenance as it goes on: one line for each member, and a bar. */
final class MaintenanceTable {
    private static final int BAR_WIDTH = 30;
    private static final String LINE = "  %-8s %-13s %-10s %-10s %10s %8s%n";

    private MaintenanceTable() {}

    static String of(MaintenanceProgress progress, PoolSnapshot snapshot) {
        StringBuilder text = new StringBuilder()
                .append(String.format(LINE, "VM", "fault/update", "turn", "state", "in flight", "picks"));
        for (MaintenanceProgress.Step step : progress.steps()) {
            Placement placement = step.backend().placement();
            Member member = snapshot.member(step.backend().id()).orElse(null);
            text.append(String.format(
                    LINE,
                    step.backend(),
                    placement.faultDomain() + "/" + placement.updateDomain(),
                    step.phase(),
                    member == null ? "gone" : member.isRamping() ? "SLOW START" : member.state(),
                    member == null ? "-" : member.load().inFlight(),
                    member == null ? "-" : member.load().picks()));
        }
        return text + "  " + bar(progress.over(), progress.steps().size()) + " " + progress.state() + "\n";
    }

    /** As in {@code [##########--------------------] 2/6}. */
    static String bar(int over, int total) {
        int filled = BAR_WIDTH * over / total;
        return "[" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "] " + over + "/" + total;
    }
}
