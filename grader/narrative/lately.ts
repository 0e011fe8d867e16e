import { type Candidacy, type Elections, findElections } from "./elections.ts";
import { findLog, type Log } from "./entries.ts";
import { type At, type Call, type Change, type History, type Standing, standingBefore, timeOf } from "./history.ts";
import { leadsUnsaid, shouldHaveWonAt, type Unsaid, votesHeard } from "./passed-over.ts";

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
	const { candidate, calls } = candidacy;
	const refusedBy = [...new Set(calls.filter((call) => elections.isYes(call) === false).map(({ to }) => to))];
	const supporters = [candidate, ...votesHeard(history, candidacy, elections).map(({ to }) => to)];
	return { candidacy, outcome: outcomeOf(history, candidacy, elections), refusedBy, supporters };
}

function outcomeOf(history: History, candidacy: Candidacy, elections: Elections): Attempt["outcome"] {
	if (candidacy.wonAt !== undefined) return "won";
	if (shouldHaveWonAt(history, candidacy, elections) !== undefined) return "passed-over";
	const isHeard = ({ calls }: Candidacy) => calls.some(({ repliedAt }) => repliedAt !== undefined);
	if (!isHeard(candidacy)) return "unanswered";
	const { candidate, term } = candidacy;
	const rivals = elections.candidacies.filter(
		(each) => each.term === term && each.candidate !== candidate && isHeard(each),
	);
	return rivals.length > 0 && rivals.every(({ wonAt }) => wonAt === undefined) ? "split" : "refused";
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
