import type { SimulationEvent } from "../../harness/index.ts";
import { type Call, type History, readHistory, standingBefore, timeOf } from "../narrative/history.ts";
import { type Attempt, type Lately, sumUp } from "../narrative/lately.ts";
import type { Failing } from "../narrative/narrate.ts";
import type { Culprit, Wrong } from "../narrative/story.ts";
import { waitingSince } from "../narrative/stuck.ts";

/** What a run shows that speaks for one cause or another: what a teaching assistant would look at. */
export interface Evidence {
	readonly check: string;
	readonly message: string;
	/** What the story found. */
	readonly wrong: Wrong | undefined;
	/** Whether the culprit, or anybody, had restarted before. */
	readonly hasRestarted: boolean;
	readonly hasCulpritRestarted: boolean;
	/** How many snapshots the service made, and how many a server handed over. */
	readonly snapshots: number;
	readonly installed: number;
	/** In the time before the failure: how elections ended. */
	readonly won: number;
	readonly split: number;
	readonly refused: number;
	/** If in half of those that were answered the candidate had votes enough and did not lead: whether each time somebody had refused, or not answered. */
	readonly passedOver: "though refused" | "though unanswered" | "though all agreed" | undefined;
	/** Whether a server that was elected did what leaders do, while nobody ever said that it leads. */
	readonly leadsUnsaid: boolean;
	/** Of all candidacies, the share in which a server stood although it had heard from a leader a moment before. */
	readonly disturbing: number;
	/** Of all candidacies, the share in which all others were asked at once. */
	readonly askedAtOnce: number;
	/** Whether a candidate asked for votes in one term for seconds on end. */
	readonly staysInTerm: boolean;
	/** How often a server said yes to a request of a higher term and stayed in its own; and to one of an earlier term. */
	readonly staysBehind: number;
	readonly obeysOld: number;
	/** How often a server that had led, and led no more, sent what leaders send. */
	readonly sendsAsFormerLeader: number;
	/** Whether a server that is up has sent nothing for long while a call of its own waits for an answer. */
	readonly waitsSilently: boolean;
	/** The longest time in which a majority was up and connected, nobody led, and nobody stood, in ms. */
	readonly idleMs: number;
	/** At the end: whether somebody leads; how many ms since it sent anything to one that is up; its longest row of refusals. */
	readonly hasLeader: boolean;
	readonly silentMs: number;
	readonly refusals: number;
	/** At the end: whether the leader has applied its last command, and whether a server that is up lags behind what it applied. */
	readonly leaderLags: boolean;
	readonly followersLag: boolean;
	/** Whether more servers had answered the leader with yes than had stored what it committed. */
	readonly areAnswersTaken: boolean;
	/** Whether the culprit had stored what it then did not have, or apply. */
	readonly hadIt: boolean;
	/** Whether those that refuse stood for election in the leader's own term; or had said yes to entries of it before, or to anything. */
	readonly refuserStood: boolean;
	readonly refusedAfterYes: boolean;
	readonly refusedAfterBareYes: boolean;
	/** Of what leaders sent lately, the share that are no entries: snapshots. Over the whole run, how many. */
	readonly snapshotShare: number;
	readonly snapshotCalls: number;
	/** Whether start() took a command at a server that didn't lead; whether the first index was not 1; whether a command was applied at another index than start() said. */
	readonly startedByFollower: boolean;
	/** Whether start() refused every command, also at a server that said that it leads. */
	readonly leaderRefuses: boolean;
	readonly beginsElsewhere: boolean;
	readonly appliedElsewhere: boolean;
	/** Whether a server failed over something undefined just after it had learned that no reply would come. */
	readonly stumblesOverNoReply: boolean;
}

/** How long after word from a leader nobody should stand, in ms. */
const FRESH_MS = 120;
/** How long an election may go on in one term, in ms. */
const LONG_MS = 1_500;
/** How long a server that is up sends nothing, at most, if it doesn't follow a leader, in ms. */
const SILENT_MS = 1_000;
/** How late, at most, an unhandled rejection comes to light, in ms. */
const TURN_MS = 10;
/** How many of a leader's last messages are looked at. */
const SENT_LATELY = 300;

/** Looks at the journal of a failed run. */
export function gatherEvidence(
	events: readonly SimulationEvent[],
	servers: number,
	failure: Failing,
	culprit: Culprit | undefined,
): Evidence {
	const history = readHistory(events, servers);
	const lately = sumUp(history, waitingSince(history));
	const { attempts, leader, lines, servers: seen } = lately;
	const count = (wanted: string) => attempts.filter(({ outcome }) => outcome === wanted).length;
	const up = seen.filter(({ isDown, isCutOff }) => !isDown && !isCutOff);
	const restarts = history.lives.filter(({ incarnation }) => incarnation > 0);
	const upLines = lines.filter(({ to }) => up.some(({ server }) => server === to));
	const refusing = upLines.filter(({ refusals }) => refusals >= 3);
	const saidYes = refusing.flatMap(({ calls }) =>
		calls.filter((call) => call.reply !== undefined && lately.log.isYes(call) === true),
	);
	const sent = lately.log.calls.slice(-SENT_LATELY);
	const lastStart = leader && history.starts.findLast(({ isLeader, server }) => isLeader && server === leader.server);
	return {
		check: failure.check,
		message: failure.message,
		wrong: culprit?.wrong,
		hasRestarted: restarts.length > 0,
		hasCulpritRestarted: restarts.some(({ server }) => server === culprit?.server),
		snapshots: events.filter(({ kind }) => kind === "snapshot").length,
		installed: events.filter(({ kind }) => kind === "apply-snapshot").length,
		won: count("won"),
		split: count("split"),
		refused: count("refused"),
		passedOver: passedOver(attempts),
		leadsUnsaid: lately.unsaid !== undefined,
		disturbing: disturbing(history, lately),
		askedAtOnce: askedAtOnce(history, lately),
		staysInTerm: lately.elections.candidacies.some(
			({ calls, stoodAt }) => timeOf(history, calls.at(-1)?.sentAt ?? stoodAt) - timeOf(history, stoodAt) > LONG_MS,
		),
		staysBehind: answersIn(lately, (asked, own) => own < asked),
		obeysOld: answersIn(lately, (asked, own) => own > asked),
		sendsAsFormerLeader: lately.log.calls.filter(
			({ caller, method }) => caller?.isLeader === false && !lately.log.otherMethods.has(method),
		).length,
		waitsSilently: waitsSilently(history, lately),
		idleMs: idleMs(history, lately),
		hasLeader: leader !== undefined,
		silentMs: Math.max(0, ...upLines.map(({ lastMs = lately.fromMs }) => history.endMs - lastMs)),
		refusals: Math.max(0, ...upLines.map((line) => line.refusals)),
		leaderLags: leader !== undefined && lastStart !== undefined && leader.applied < lastStart.index,
		followersLag: leader !== undefined && up.some(({ applied }) => applied < leader.applied),
		areAnswersTaken: culprit?.wrong === "committed-without-majority" && answersTaken(history, lately, culprit),
		hadIt: hadIt(history, lately, culprit),
		refuserStood: refusing.some(({ to }) =>
			lately.elections.candidacies.some(({ candidate, term }) => candidate === to && term === leader?.standing?.term),
		),
		refusedAfterYes: saidYes.some((call) => lately.log.hasEntries(call)),
		refusedAfterBareYes: saidYes.length > 0,
		snapshotShare:
			sent.length === 0 ? 0 : sent.filter(({ method }) => lately.log.otherMethods.has(method)).length / sent.length,
		snapshotCalls: lately.log.calls.filter(({ method }) => lately.log.otherMethods.has(method)).length,
		startedByFollower: startedByFollower(history),
		leaderRefuses: leaderRefuses(history),
		beginsElsewhere: (history.starts.find(({ isLeader }) => isLeader)?.index ?? 1) !== 1,
		appliedElsewhere: appliedElsewhere(history, lately),
		stumblesOverNoReply: stumblesOverNoReply(events, failure),
	};
}

function disturbing(history: History, { elections, log }: Lately): number {
	const { candidacies } = elections;
	const fresh = candidacies.filter(({ candidate, stoodAt }) => {
		const standing = standingBefore(history, candidate, stoodAt);
		if (standing?.isLeader === true) return true;
		const atMs = timeOf(history, stoodAt);
		return log.calls.some(
			({ to, deliveredAt, answerer, caller }) =>
				to === candidate &&
				deliveredAt !== undefined &&
				deliveredAt < stoodAt &&
				atMs - timeOf(history, deliveredAt) < FRESH_MS &&
				caller?.isLeader === true &&
				answerer?.term === caller.term,
		);
	});
	return candidacies.length === 0 ? 0 : fresh.length / candidacies.length;
}

function passedOver(attempts: readonly Attempt[]): Evidence["passedOver"] {
	const those = attempts.filter(({ outcome }) => outcome === "passed-over");
	const answered = attempts.filter(({ outcome }) => outcome !== "unanswered");
	if (those.length === 0 || 2 * those.length < answered.length) return undefined;
	if (those.every(({ refusedBy }) => refusedBy.length > 0)) return "though refused";
	const servers = (calls: readonly Call[]) => new Set(calls.map(({ to }) => to)).size;
	const isUnanswered = ({ candidacy: { calls } }: Attempt) =>
		servers(calls.filter(({ reply }) => reply !== undefined)) < servers(calls);
	return those.every(isUnanswered) ? "though unanswered" : "though all agreed";
}

function askedAtOnce(history: History, { elections }: Lately): number {
	const { candidacies } = elections;
	const complete = candidacies.filter(({ calls, stoodAt }) => {
		const first = calls.filter(({ sentAt }) => timeOf(history, sentAt) === timeOf(history, stoodAt));
		return new Set(first.map(({ to }) => to)).size >= history.servers - 1;
	});
	return candidacies.length === 0 ? 1 : complete.length / candidacies.length;
}

/** How many times a request was answered with yes by a server in a term that is in such a relation to that of the caller. */
function answersIn({ log, elections }: Lately, is: (asked: number, own: number) => boolean): number {
	const count = (calls: readonly Call[], isYes: (call: Call) => boolean | undefined) =>
		calls.filter((call) => {
			const { caller, answerer } = call;
			return caller !== undefined && answerer !== undefined && is(caller.term, answerer.term) && isYes(call) === true;
		}).length;
	const votes = elections.candidacies.flatMap(({ calls }) => calls);
	return count(votes, elections.isYes) + count(log.calls, log.isYes);
}

function waitsSilently(history: History, { servers }: Lately): boolean {
	return servers.some(({ server, isDown, isCutOff }) => {
		if (isDown || isCutOff) return false;
		const own = history.calls.filter(({ from }) => from === server);
		const last = own.at(-1);
		if (last === undefined || history.endMs - timeOf(history, last.sentAt) < SILENT_MS) return false;
		return own.some(
			(call) => call.repliedAt === undefined && (call.failedAt === undefined || call.failedAt > last.sentAt),
		);
	});
}

function appliedElsewhere({ applies }: History, { log }: Lately): boolean {
	return applies.some((event) => {
		if (event.kind !== "apply") return false;
		const starts = log.startsOf(event.command);
		return starts.length > 0 && !starts.some(({ index }) => index === event.index);
	});
}

function idleMs({ changes, endMs, events, cuts, lives }: History, { elections }: Lately): number {
	const marks = [
		...changes.filter(({ isLeader }) => isLeader).map(({ at }) => at),
		...elections.candidacies.flatMap(({ calls }) => calls.map(({ sentAt }) => sentAt)),
		...cuts.flatMap(({ from, until }) => [from, until ?? from]),
		...lives.map(({ bootedAt }) => bootedAt),
	]
		.map((at) => events[at]?.atMs ?? 0)
		.sort((a, b) => a - b);
	const leads = changes.findLast(({ at }) => at >= 0)?.isLeader === true;
	return leads ? 0 : endMs - (marks.at(-1) ?? 0);
}

/** Whether so many servers had said yes to the leader since that it may have taken that for having stored. */
function answersTaken(history: History, { log }: Lately, { server, event }: Culprit): boolean {
	const applied = history.events[event];
	if (applied?.kind !== "apply") return false;
	const entry = log.startedAt(applied.index).findLast(({ command }) => command === applied.command);
	if (entry === undefined) return false;
	const said = log.calls.filter(
		(call) =>
			call.from === server &&
			call.repliedAt !== undefined &&
			call.repliedAt > entry.startedAt &&
			call.repliedAt < event &&
			log.isYes(call) !== false,
	);
	return 2 * (new Set(said.map(({ to }) => to)).size + 1) > history.servers;
}

/** Whether the culprit had stored, without restarting, what others applied at the index. */
function hadIt(history: History, { log }: Lately, culprit: Culprit | undefined): boolean {
	const event = culprit === undefined ? undefined : history.events[culprit.event];
	if (event?.kind !== "apply" || culprit === undefined) return false;
	const others = log.startedAt(event.index).filter(({ command }) => command !== event.command);
	return others.some((entry) => log.holders(entry, culprit.event).some(({ server }) => server === culprit.server));
}

function leaderRefuses(history: History): boolean {
	const { starts } = history;
	return (
		!starts.some(({ isLeader }) => isLeader) &&
		starts.some(({ server, at }) => standingBefore(history, server, at)?.isLeader === true)
	);
}

/** What is rejected behind an await comes to light at the next turn of the event loop, if nothing else happens at that server in between. */
function stumblesOverNoReply(events: readonly SimulationEvent[], { check, message }: Failing): boolean {
	if (check !== "fault-rejection" || !/of undefined|undefined \(|is undefined/.test(message)) return false;
	const last = events.findLast(({ kind }) => kind === "reply" || kind === "no-reply" || kind === "deliver");
	if (last?.kind !== "no-reply" || !message.startsWith(`S${last.from}:`)) return false;
	return (events.at(-1)?.atMs ?? 0) - last.atMs <= TURN_MS;
}

function startedByFollower(history: History): boolean {
	return history.starts.some(
		({ server, isLeader, at }) => isLeader && standingBefore(history, server, at)?.isLeader === false,
	);
}
