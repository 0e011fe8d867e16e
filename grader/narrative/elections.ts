import { type Fields, learnFields } from "./fields.ts";
import { type At, type Call, type Change, type History, standingBefore } from "./history.ts";

/** A server that stood for election in a term. */
export interface Candidacy {
	readonly candidate: number;
	readonly term: number;
	/** When it first asked. */
	readonly stoodAt: At;
	readonly calls: readonly Call[];
	/** When it said that it leads this term. */
	readonly wonAt: At | undefined;
}

/** A vote. Whoever stands votes for itself. */
export interface Vote {
	readonly voter: number;
	readonly candidate: number;
	readonly term: number;
	/** When the voter said so. */
	readonly at: At;
	/** Undefined for the candidate's own. */
	readonly call: Call | undefined;
}

/** The elections of a run, as far as messages tell. */
export interface Elections {
	readonly candidacies: readonly Candidacy[];
	/** Servers that came to say that they lead, in order. */
	readonly victories: readonly Change[];
	/** Whether replies say yes or no in a way that can be told. */
	readonly areVotesKnown: boolean;
	votesIn(term: number): readonly Vote[];
	/** Who had voted for a candidate in its term, and been heard, before an event: itself included. */
	supporters(candidate: number, term: number, before: At): readonly number[];
	/** What a reply to a request for a vote says; undefined if that can't be told. */
	isYes(call: Call): boolean | undefined;
	/** Whether there is no doubt about what this reply to a request for a vote says. */
	isYesCertain(call: Call): boolean;
	termOf(call: Call): number | undefined;
}

/** Finds the elections in a history: who calls others without being their leader wants to become it. */
export function findElections(history: History): Elections {
	const asking = new Map<string, Call[]>();
	for (const [method, calls] of byMethod(history.calls)) {
		const known = calls.filter(({ caller }) => caller !== undefined);
		const fromLeaders = known.filter(({ caller }) => caller?.isLeader === true);
		if (2 * fromLeaders.length < known.length || (known.length === 0 && calls.length > 0)) asking.set(method, calls);
	}
	const fields = new Map([...asking].map(([method, calls]) => [method, learnFields(calls)]));
	const methods = realElections(history, asking, fields);
	const termOf = (call: Call) => fields.get(call.method)?.termOf(call);
	const isYes = (call: Call) => fields.get(call.method)?.isYes(call);
	const isYesCertain = (call: Call) => fields.get(call.method)?.isYesCertain === true;
	const victories = history.changes.filter(
		({ isLeader, before, term }) => isLeader && !(before?.isLeader === true && before.term === term),
	);

	const calls = methods.flatMap((method) => asking.get(method) ?? []).toSorted((a, b) => a.sentAt - b.sentAt);
	const groups = new Map<string, { candidate: number; term: number; calls: Call[] }>();
	for (const call of calls) {
		const term = termOf(call);
		if (term === undefined) continue;
		const key = `${term}/${call.from}`;
		const group = groups.get(key) ?? { candidate: call.from, term, calls: [] };
		group.calls.push(call);
		groups.set(key, group);
	}
	const candidacies = [...groups.values()].map(({ candidate, term, calls: own }): Candidacy => {
		const victory = victories.find(({ server, term: of }) => server === candidate && of === term);
		return { candidate, term, calls: own, stoodAt: (own[0] as Call).sentAt, wonAt: victory?.at };
	});
	const areVotesKnown = calls.some((call) => isYes(call) !== undefined);
	const votesIn = (term: number) =>
		candidacies
			.filter((each) => each.term === term)
			.flatMap(({ candidate, stoodAt, calls: own }): Vote[] => [
				{ voter: candidate, candidate, term, at: stoodAt, call: undefined },
				...own
					.filter((call) => call.to !== candidate && isYes(call) === true)
					.map((call) => ({ voter: call.to, candidate, term, at: call.answeredAt as At, call })),
			])
			.toSorted((a, b) => a.at - b.at);
	const supporters = (candidate: number, term: number, before: At) => {
		const votes = votesIn(term).filter(
			(vote) => vote.candidate === candidate && (vote.call === undefined || (vote.call.repliedAt ?? before) < before),
		);
		return [...new Set(votes.map(({ voter }) => voter))];
	};
	return { candidacies, victories, areVotesKnown, votesIn, supporters, isYes, isYesCertain, termOf };
}

/** More than half of so many servers. */
export function majorityOf({ servers }: History): number {
	return Math.floor(servers / 2) + 1;
}

function byMethod(calls: readonly Call[]): Map<string, Call[]> {
	const methods = new Map<string, Call[]>();
	for (const call of calls) {
		const known = methods.get(call.method);
		if (known === undefined) methods.set(call.method, [call]);
		else known.push(call);
	}
	return methods;
}

/** A poll before an election (pre-vote) is none: whoever begins an election has just raised its term. */
function realElections(
	history: History,
	asking: ReadonlyMap<string, readonly Call[]>,
	fields: ReadonlyMap<string, Fields>,
): string[] {
	const shares = [...asking].map(([method, calls]) => {
		const seen = new Set<string>();
		let raised = 0;
		let groups = 0;
		for (const call of calls) {
			const term = fields.get(method)?.termOf(call);
			if (term === undefined || seen.has(`${term}/${call.from}`)) continue;
			seen.add(`${term}/${call.from}`);
			groups++;
			if ((standingBefore(history, call.from, call.sentAt)?.term ?? 0) < term && term <= (call.caller?.term ?? term))
				raised++;
		}
		return { method, share: groups === 0 ? 0 : raised / groups };
	});
	const real = shares.filter(({ share }) => share >= 0.5);
	return (real.length > 0 ? real : shares).map(({ method }) => method);
}
