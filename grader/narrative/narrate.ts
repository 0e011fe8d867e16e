import type { SimulationEvent } from "../../harness/index.ts";
import { readHistory } from "./history.ts";
import { tellDisagreement, tellEarlyCommit } from "./lost-entry.ts";
import type { Story } from "./story.ts";
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
	const history = readHistory(events, servers);
	const { check, message, details } = failure;
	const involved = details.servers ?? [];
	switch (check) {
		case "election-safety":
		case "one-leader":
		case "no-leader":
			if (involved.length > 0) return tellLeaders(history, involved, numberAfter(message, "in term") ?? 0);
			break;
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
			if (index !== undefined) return tellEarlyCommit(history, index);
			break;
		}
	}
	return { steps: [] };
}

function numberAfter(message: string, words: string): number | undefined {
	// A command may hold anything: what the sentence itself says comes last.
	const found = [...message.matchAll(new RegExp(`${words} (\\d+)`, "g"))][0]?.[1];
	return found === undefined ? undefined : Number(found);
}
