import { type Candidacy, type Elections, findElections, majorityOf } from "./elections.ts";
import { findLog, type Log } from "./entries.ts";
import { type At, type Call, type Change, type History, type Standing, standingBefore, timeOf } from "./history.ts";

/** What one server was doing at the end. */
export interface LastSeen {
	readonly server: number;
	readonly isDown: boolean;
	readonly isCutOff: boolean;
	readonly standing: Standing | undefined;
	/** When it last heard from another server, in virtual milliseconds. */
	readonly heardMs: number | undefined;
	readonly applied: number;
}

/** How an election ended. */
export interface Attempt {
	readonly candidacy: Candidacy;
	/**
	 * Won; passed over: a majority's votes had come, and it did not lead; refused by at least one that answered; split: another stood in the same term,
	 * and neither won; or nobody answered.
	 */
	readonly outcome: "won" | "passed-over" | "split" | "refused" | "unanswered";
	readonly refusedBy: readonly number[];
	/** Those whose votes had come while it stood, itself included. */
	readonly supporters: readonly number[];
}

/** A server that was elected and does what leaders do, and never says that it leads. */
export interface Unsaid {
	readonly server: number;
	readonly method: string;
	readonly calls: number;
	readonly since: At;
}

/** What a leader sent one of the others. */
export interface Line {
	readonly from: number;
	readonly to: number;
	readonly calls: readonly Call[];
	readonly answered: number;
	/** How many refusals stand at the end, one after the other. */
	readonly refusals: number;
	readonly lastMs: number | undefined;
}

/** What went on in the time before a failure in which something should have happened and didn't. */
export interface Lately {
	readonly fromMs: number;
	readonly servers: readonly LastSeen[];
	readonly attempts: readonly Attempt[];
	readonly victories: readonly Change[];
	/** Who leads at the end, up and connected, in the latest term. */
	readonly leader: LastSeen | undefined;
	/** What that leader has sent. */
	readonly lines: readonly Line[];
	readonly unsaid: Unsaid | undefined;
	readonly elections: Elections;
	readonly log: Log;
}

/** Sums up what went on from a moment on. */
export function sumUp(history: History, fromMs: number): Lately {
	const elections = findElections(history);
	const log = findLog(history);
	const end = history.events.length;
	const servers = Array.from({ length: history.servers }, (_, server) => seenLast(history, server, end));
	const isLately = (at: At) => timeOf(history, at) >= fromMs;
	const attempts = elections.candidacies
		.filter(({ stoodAt }) => isLately(stoodAt))
		.map((candidacy) => judge(history, candidacy, elections));
	const victories = elections.victories.filter(({ at }) => isLately(at));
	const leader = servers
		.filter(({ standing, isDown, isCutOff }) => standing?.isLeader === true && !isDown && !isCutOff)
		.toSorted((a, b) => (b.standing?.term ?? 0) - (a.standing?.term ?? 0))[0];
	const lines = leader === undefined ? [] : linesFrom(history, log, leader, isLately);
	const unsaid = leadsUnsaid(history, elections);
	return { fromMs, servers, attempts, victories, leader, lines, unsaid, elections, log };
}

function seenLast(history: History, server: number, end: At): LastSeen {
	const life = history.lives.findLast((each) => each.server === server);
	const isDown = life === undefined || life.crashedAt !== undefined;
	const cut = history.cuts.findLast((each) => each.server === server);
	const heard = history.calls.reduce((latest, { from, to, deliveredAt = -1, repliedAt = -1 }) => {
		const at = from === to ? -1 : to === server ? deliveredAt : from === server ? repliedAt : -1;
		return Math.max(latest, at);
	}, -1);
	const applied = history.applies.findLast((event) => event.server === server);
	return {
		server,
		isDown,
		isCutOff: cut !== undefined && cut.until === undefined,
		standing: standingBefore(history, server, end),
		heardMs: heard < 0 ? undefined : timeOf(history, heard),
		applied: applied?.index ?? 0,
	};
}

function judge(history: History, candidacy: Candidacy, elections: Elections): Attempt {
	const { candidate, term, calls, wonAt } = candidacy;
	const refusedBy = [...new Set(calls.filter((call) => elections.isYes(call) === false).map(({ to }) => to))];
	const isHeard = ({ calls: own }: Candidacy) => own.some(({ repliedAt }) => repliedAt !== undefined);
	const rivals = elections.candidacies.filter(
		(each) => each.term === term && each.candidate !== candidate && isHeard(each),
	);
	const votes = votesHeard(history, candidacy, elections);
	const supporters = [candidate, ...votes.map(({ to }) => to)];
	const outcome =
		wonAt !== undefined
			? "won"
			: shouldHaveWonAt(history, candidacy, votes, elections) !== undefined
				? "passed-over"
				: !isHeard(candidacy)
					? "unanswered"
					: rivals.length > 0 && rivals.every((rival) => rival.wonAt === undefined)
						? "split"
						: "refused";
	return { candidacy, outcome, refusedBy, supporters };
}

/** The votes of others that came while the candidate still was in the term, the first of each, in the order in which they came. */
function votesHeard(history: History, { candidate, term, calls }: Candidacy, { isYes }: Elections): readonly Call[] {
	const heard = calls
		.filter((call) => call.to !== candidate && call.repliedAt !== undefined && isYes(call) === true)
		.filter(({ repliedAt = 0 }) => standingBefore(history, candidate, repliedAt)?.term === term)
		.toSorted((a, b) => (a.repliedAt ?? 0) - (b.repliedAt ?? 0));
	return heard.filter(({ to }, i) => heard.findIndex((other) => other.to === to) === i);
}

/** How long a server may take to count its votes, in ms. */
const COUNTING_MS = 20;

/**
 * Of an election that was not won: when these votes of others should have been enough. Undefined if they weren't, and wherever it may have been otherwise: the
 * candidate didn't stand any more a moment later, it hadn't raised its term or asked for different things (a poll before an election may use the same method),
 * or it isn't certain which replies mean yes.
 */
function shouldHaveWonAt(
	history: History,
	{ candidate, term, calls, stoodAt }: Candidacy,
	votes: readonly Call[],
	elections: Elections,
): At | undefined {
	const at = votes[majorityOf(history) - 2]?.repliedAt;
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

function leadsUnsaid(history: History, elections: Elections): Unsaid | undefined {
	const last = elections.candidacies.at(-1);
	if (last === undefined || history.changes.some(({ isLeader }) => isLeader)) return undefined;
	const since = shouldHaveWonAt(history, last, votesHeard(history, last, elections), elections);
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

function linesFrom(history: History, log: Log, { server }: LastSeen, isLately: (at: At) => boolean): Line[] {
	return Array.from({ length: history.servers }, (_, to) => to)
		.filter((to) => to !== server)
		.map((to) => {
			const calls = log.calls.filter((call) => call.from === server && call.to === to && isLately(call.sentAt));
			const said = calls.filter(({ reply }) => reply !== undefined).map(log.isYes);
			const last = calls.at(-1);
			return {
				from: server,
				to,
				calls,
				answered: said.length,
				refusals: said.length - 1 - said.findLastIndex((yes) => yes !== false),
				lastMs: last === undefined ? undefined : timeOf(history, last.sentAt),
			};
		});
}
