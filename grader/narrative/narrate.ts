import type { SimulationEvent } from "../../harness/index.ts";
import { tellDoings } from "./at-one-server.ts";
import { readHistory } from "./history.ts";
import { tellDisagreement, tellEarlyCommit } from "./lost-entry.ts";
import { bounded } from "./outline.ts";
import type { Story } from "./story.ts";
import { tellStandstill } from "./stuck.ts";
import { tellTermBack } from "./term-back.ts";
import { tellLeaders } from "./two-leaders.ts";

/** What a story is told about: a run's failure. */
export interface Failing {
	readonly check: string;
	readonly message: string;
	readonly details: { readonly servers?: readonly number[] };
}

/** The chain of events behind a failure, from the journal of its run, as far as the messages show; no steps if there is nothing to tell. */
export function narrate(events: readonly SimulationEvent[], servers: number, failure: Failing): Story {
	return bounded(tell(events, servers, failure));
}

function tell(events: readonly SimulationEvent[], servers: number, failure: Failing): Story {
	const history = readHistory(events, servers);
	const { check, message, details } = failure;
	const involved = details.servers ?? [];
	switch (check) {
		case "election-safety":
		case "one-leader":
		case "no-leader":
			if (involved.length === 0) return tellStandstill(history);
			return tellLeaders(history, involved, numberAfter(message, "in term") ?? 0);
		case "term-monotonic":
			return tellTermBack(history, involved[0] ?? 0);
		case "apply-agreement":
		case "agreement": {
			const index = numberAfter(message, "at index");
			if (index !== undefined) return tellDisagreement(history, index);
			break;
		}
		case "lab": {
			const index = numberAfter(message, "nothing can be committed at index");
			return index === undefined ? tellStandstill(history) : tellEarlyCommit(history, index);
		}
		case "one":
		case "wait":
		case "terms":
		case "time-limit":
			return tellStandstill(history);
		case "apply-order":
		case "snapshot-content":
			return tellDoings(history, involved[0] ?? 0, (kind) =>
				/^(apply|snapshot|restore|start$|boot|crash|state)/.test(kind),
			);
		case "leader-append-only":
			return tellDoings(history, involved[0] ?? 0, (kind) => /^(start|boot|crash|state)$/.test(kind));
	}
	if (!check.startsWith("fault-")) return { steps: [] };
	return tellDoings(history, involved[0] ?? 0, (kind) => kind !== "spoke" && kind !== "call");
}

function numberAfter(message: string, words: string): number | undefined {
	// A command may hold anything: what the sentence itself says comes last.
	const found = [...message.matchAll(new RegExp(`${words} (\\d+)`, "g"))][0]?.[1];
	return found === undefined ? undefined : Number(found);
}
