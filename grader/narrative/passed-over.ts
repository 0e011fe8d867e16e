import { type Candidacy, type Elections, majorityOf } from "./elections.ts";
import { type At, type Call, type History, standingBefore, timeOf } from "./history.ts";

/** A server that was elected and does what leaders do, and never says that it leads. */
export interface Unsaid {
	readonly server: number;
	readonly method: string;
	readonly calls: number;
	readonly since: At;
}

/** The votes of others that came while the candidate still was in the term, the first of each, in the order in which they came. */
export function votesHeard(
	history: History,
	{ candidate, term, calls }: Candidacy,
	{ isYes }: Elections,
): readonly Call[] {
	const heard = calls
		.filter((call) => call.to !== candidate && call.repliedAt !== undefined && isYes(call) === true)
		.filter(({ repliedAt = 0 }) => standingBefore(history, candidate, repliedAt)?.term === term)
		.toSorted((a, b) => (a.repliedAt ?? 0) - (b.repliedAt ?? 0));
	return heard.filter(({ to }, i) => heard.findIndex((other) => other.to === to) === i);
}

/** How long a server may take to count its votes, in ms. */
const COUNTING_MS = 20;

/**
 * Of an election that was not won: when the votes of others should have been enough. Undefined if they weren't, and wherever it may have been otherwise: the
 * candidate didn't stand any more a moment later, it hadn't raised its term or asked for different things (a poll before an election may use the same method),
 * or it isn't certain which replies mean yes.
 */
export function shouldHaveWonAt(history: History, candidacy: Candidacy, elections: Elections): At | undefined {
	const { candidate, term, calls, stoodAt } = candidacy;
	const at = votesHeard(history, candidacy, elections)[majorityOf(history) - 2]?.repliedAt;
	if (at === undefined || !calls.every((call) => call.args === calls[0]?.args && elections.isYesCertain(call)))
		return undefined;
	if ((standingBefore(history, candidate, stoodAt)?.term ?? 0) >= term) return undefined;
	const untilMs = timeOf(history, at) + COUNTING_MS;
	const isSoon = (other: At | undefined) => other !== undefined && other > at && timeOf(history, other) <= untilMs;
	const hasMovedOn =
		history.changes.some((change) => change.server === candidate && change.term !== term && isSoon(change.at)) ||
		history.lives.some(({ server, crashedAt }) => server === candidate && isSoon(crashedAt)) ||
		history.cuts.some(({ server, from }) => server === candidate && isSoon(from));
	return hasMovedOn || history.endMs <= untilMs ? undefined : at;
}

/** Whether there is a server that leads, and nobody has ever said that it leads. */
export function leadsUnsaid(history: History, elections: Elections): Unsaid | undefined {
	const last = elections.candidacies.at(-1);
	if (last === undefined || history.changes.some(({ isLeader }) => isLeader)) return undefined;
	const since = shouldHaveWonAt(history, last, elections);
	if (since === undefined) return undefined;
	const calls = history.calls.filter((call) => call.sentAt > since && !last.calls.includes(call));
	const [first] = calls;
	if (first === undefined) return undefined;
	// A method that was called when nobody had been elected yet is none that only leaders call.
	const isLeaders = !history.calls.some((call) => call.sentAt < since && call.method === first.method);
	const isAlone = calls.every(({ from, method }) => from === last.candidate && method === first.method);
	const reached = new Set(calls.map(({ to }) => to)).size;
	if (!isLeaders || !isAlone || reached < history.servers - 1 || calls.length < 2 * reached) return undefined;
	return { server: last.candidate, method: first.method, calls: calls.length, since: first.sentAt };
}
