import { LabFailure } from "../failure.ts";
import type { Simulation } from "../sim/simulation.ts";
import { applyAgreement } from "./apply-agreement.ts";
import { applyOrder } from "./apply-order.ts";
import { electionSafety } from "./election-safety.ts";
import type { Invariant } from "./invariant.ts";
import { leaderAppendOnly } from "./leader-append-only.ts";
import { messageBudget } from "./message-budget.ts";
import { snapshotContent } from "./snapshot-content.ts";
import { termMonotonic } from "./term-monotonic.ts";

/** The safety properties, by the name under which a failure reports them. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
	"election-safety": electionSafety,
	"term-monotonic": termMonotonic,
	"apply-agreement": applyAgreement,
	"apply-order": applyOrder,
	"snapshot-content": snapshotContent,
	"leader-append-only": leaderAppendOnly,
	"message-budget": messageBudget,
};

/** Watches a run for violations; the first one ends it. */
export function watchInvariants(sim: Simulation, invariants: Readonly<Record<string, Invariant>> = INVARIANTS): void {
	for (const [name, invariant] of Object.entries(invariants)) {
		sim.events.on(invariant((sentence, details) => sim.fail(new LabFailure(name, sentence, details))));
	}
}
