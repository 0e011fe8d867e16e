import { show } from "../../harness/service.ts";
import { type Elections, findElections, majorityOf } from "./elections.ts";
import { type Entry, findLog, type Holding, type Log, restartSince } from "./entries.ts";
import { type At, type Change, type History, type Of, standingBefore, timeOf } from "./history.ts";
import { type Culprit, inOrder, listServers, type Step, type Story, type Wrong } from "./story.ts";
import { miscount, tellElection } from "./two-leaders.ts";

/** What is known of a server's applying an entry first. */
interface Application {
	readonly event: Of<"apply">;
	/** Undefined if no leader put that command at that index. */
	readonly entry: Entry | undefined;
	/** Who had stored it by then. */
	readonly holders: readonly Holding[];
	/** The term of the leader whose word it was, its own or the one that it followed. */
	readonly term: number;
	/** What was wrong with it. */
	readonly wrong?: { readonly culprit: Culprit; readonly text: string } | undefined;
}

/** Two servers have applied different commands at an index: which of them should not be there, or who forgot it. */
export function tellDisagreement(history: History, index: number): Story {
	const applied = history.applies.filter(
		(event): event is Of<"apply"> => event.kind === "apply" && event.index === index,
	);
	const first = applied[0];
	if (first === undefined) return { steps: [] };
	const second = applied.find(({ command }) => command !== first.command);
	const log = findLog(history);
	const one = lookAt(history, log, first, true);
	if (one.wrong !== undefined || second === undefined) return tellApplication(history, [one], one);
	const other = lookAt(history, log, second, false);
	if (other.entry !== undefined && one.entry !== undefined) {
		const elections = findElections(history);
		const victory = firstWithout(log, elections, one, one.entry, other.entry, second.at);
		if (victory !== undefined) return tellLoss(history, log, elections, victory, one, one.entry, other);
		// The other way round: what was applied later had been on a majority before.
		const isOlder = other.wrong === undefined && other.entry.term < one.entry.term;
		const later = isOlder ? firstWithout(log, elections, other, other.entry, one.entry, first.at) : undefined;
		if (later !== undefined) return tellLoss(history, log, elections, later, other, other.entry, one);
	}
	return tellLeftover(history, log, one, other) ?? tellApplication(history, [one, other], other);
}

/** A server applied what it had, as far as it had told, replaced by something else: a restart brought it back. */
function tellLeftover(history: History, log: Log, one: Application, other: Application): Story | undefined {
	const { server, at, index } = other.event;
	const holding =
		one.entry === undefined ? undefined : log.holders(one.entry, at).find((each) => each.server === server);
	const restart = holding === undefined ? undefined : restartSince(history, holding, at);
	if (one.entry === undefined || holding === undefined || restart === undefined) return undefined;
	const { steps } = tellApplication(history, [one, other], other);
	const { bootedAt } = restart;
	const text = `S${server} restarts, and has at index ${index} what it had replaced`;
	const verdict = { atMs: timeOf(history, bootedAt), server, event: bootedAt, text };
	const told = [
		...steps,
		...tellHoldings(history, [holding]),
		...tellRestart(history, holding, restart, one.entry),
		verdict,
	];
	return { steps: inOrder(told), culprit: { server, event: bootedAt, wrong: "forgot-an-entry" } };
}

/** A command was applied that could not have been committed. */
export function tellEarlyCommit(history: History, index: number): Story {
	const first = history.applies.find((event): event is Of<"apply"> => event.kind === "apply" && event.index === index);
	if (first === undefined) return { steps: [] };
	const application = lookAt(history, findLog(history), first, true);
	return tellApplication(history, [application], application);
}

/** Who had the entry when it was applied, and on whose word. */
function lookAt(history: History, log: Log, event: Of<"apply">, isFirst: boolean): Application {
	const { server, index, command, at } = event;
	const standing = standingBefore(history, server, at) ?? { term: 0, isLeader: false };
	const entry = log.startedAt(index).findLast((each) => each.command === command && each.startedAt < at);
	if (entry === undefined) {
		const elsewhere = log.startsOf(command).findLast(({ startedAt }) => startedAt < at);
		const text =
			elsewhere === undefined
				? `S${server} applies ${show(command)} at index ${index}, which start() gave nobody`
				: `S${server} applies ${show(command)} at index ${index}; start() had put it at index ${elsewhere.index}`;
		const culprit: Culprit = { server, event: at, wrong: "applied-elsewhere" };
		return { event, entry, holders: [], term: standing.term, wrong: { culprit, text } };
	}
	const holders = log.holders(entry, at);
	const needed = majorityOf(history);
	const wrong = (what: Wrong, text: string): Application => ({
		event,
		entry,
		holders,
		term: standing.term,
		wrong: { culprit: { server, event: at, wrong: what }, text },
	});
	const had = `${holders.length} of ${history.servers} servers had it (${listServers(holders.map((each) => each.server))})`;
	if (holders.length < needed) {
		const who = `S${server} applies ${show(command)} at index ${index}`;
		if (standing.isLeader) {
			return wrong("committed-without-majority", `${who} as leader of term ${standing.term}, when ${had}: no majority`);
		}
		// Its leader may take it for committed as well, and only be a moment later in applying it.
		const leading = history.applies.find((each): each is Of<"apply"> => {
			if (each.kind !== "apply" || each.index !== index || each.command !== command || each.server === server)
				return false;
			const other = standingBefore(history, each.server, each.at);
			return other?.isLeader === true && other.term === standing.term && log.holders(entry, each.at).length < needed;
		});
		if (leading !== undefined) return lookAt(history, log, leading, isFirst);
		const isLeft = standing.term > entry.term;
		return wrong(
			isLeft ? "applied-a-leftover" : "applied-uncommitted",
			`${who}${isLeft ? `, an entry of term ${entry.term}, in term ${standing.term}` : ""}, when ${had}: it cannot have been committed`,
		);
	}
	const leader = standing.isLeader ? { server, term: standing.term } : leaderOf(history, log, server, at);
	if (isFirst && leader !== undefined && entry.term < leader.term) {
		// Where one of its own term is on a majority, the first one is.
		const own = log.startsOfTerm(leader.server, leader.term).find(({ index: each }) => each > index);
		if (own === undefined || log.holders(own, at).length < needed) {
			const whose = standing.isLeader ? `, leader of term ${leader.term},` : "";
			const word = standing.isLeader ? "" : `, on the word of S${leader.server}, leader of term ${leader.term}`;
			return wrong(
				"committed-an-old-term",
				`S${server}${whose} applies ${show(command)} at index ${index}${word}: an entry of term ${entry.term}, while none of term ${leader.term} is on a majority`,
			);
		}
	}
	return { event, entry, holders, term: standing.term };
}

/** The leader whom a server followed. */
function leaderOf(history: History, log: Log, server: number, at: At): { server: number; term: number } | undefined {
	const call = log.calls.findLast(
		({ to, answeredAt, caller }) =>
			to === server && answeredAt !== undefined && answeredAt < at && caller?.isLeader === true,
	);
	const term = call?.caller?.term;
	return call === undefined || term === undefined || term !== standingBefore(history, server, at)?.term
		? undefined
		: { server: call.from, term };
}

function tellApplication(history: History, all: readonly Application[], guilty: Application): Story {
	const steps = all.flatMap((each) => [
		...tellStart(history, each),
		...tellHoldings(history, each.holders),
		...(each.wrong === undefined || each !== guilty ? [tellApply(history, each)] : []),
	]);
	if (guilty.wrong === undefined) return { steps: inOrder(steps) };
	const { culprit, text } = guilty.wrong;
	const verdict = { atMs: timeOf(history, culprit.event), server: culprit.server, event: culprit.event, text };
	return { steps: inOrder([...steps, verdict]), culprit };
}

/** What was committed is gone: the first leader that lacked it, and who elected that. */
function tellLoss(
	history: History,
	log: Log,
	elections: Elections,
	victory: Change,
	lost: Application,
	entry: Entry,
	replacing: Application,
): Story {
	const steps = [
		...tellStart(history, lost),
		tellApply(history, lost),
		...tellStart(history, replacing),
		tellApply(history, replacing),
	];
	const holders = log.holders(entry, victory.at);
	const election = tellElection(history, elections, victory);
	const all = [...steps, ...tellHoldings(history, holders), ...election];
	const finish = (culprit: Culprit, ...more: readonly Step[]): Story => ({
		steps: inOrder([...all, ...more]),
		culprit,
	});
	const wrongly = miscount(history, elections, victory);
	if (wrongly !== undefined) {
		const { server, at } = victory;
		return finish(
			{ server, event: at, wrong: wrongly.wrong },
			{ atMs: timeOf(history, at), server, event: at, text: wrongly.text },
		);
	}
	const own = holders.find(({ server }) => server === victory.server);
	if (own !== undefined) {
		const restart = restartSince(history, own, victory.at);
		if (restart !== undefined) {
			const culprit: Culprit = { server: victory.server, event: restart.bootedAt, wrong: "forgot-an-entry" };
			return finish(culprit, ...tellRestart(history, own, restart, entry));
		}
		const cut = lastAnswer(log, victory.server, own.at, victory.at) ?? victory.at;
		const text = `S${victory.server} had index ${entry.index} of term ${entry.term}, and leads term ${victory.term} without it, having never restarted`;
		return finish(
			{ server: victory.server, event: cut, wrong: "dropped-an-entry" },
			{ atMs: timeOf(history, victory.at), server: victory.server, event: victory.at, text },
		);
	}
	const voters = elections
		.votesIn(victory.term)
		.filter((vote) => vote.candidate === victory.server && vote.call !== undefined && vote.at < victory.at)
		.flatMap((vote) => {
			const holding = log.holders(entry, vote.at).find(({ server }) => server === vote.voter);
			return holding === undefined ? [] : [{ vote, holding, restart: restartSince(history, holding, vote.at) }];
		});
	const forgetful = voters.find(({ restart }) => restart?.isUnsaved === true);
	const { vote, holding, restart } = voters.find((each) => each.restart === undefined) ?? forgetful ?? voters[0] ?? {};
	if (vote === undefined || holding === undefined) return { steps: inOrder(all) };
	const text = `S${vote.voter}, which had index ${entry.index} of term ${entry.term}, votes for S${victory.server}, which never had it`;
	const verdict: Step = { atMs: timeOf(history, vote.at), server: vote.voter, event: vote.at, text };
	if (restart?.isUnsaved !== true) {
		const between = restart === undefined ? [] : tellRestart(history, holding, restart, entry);
		return finish({ server: vote.voter, event: vote.at, wrong: "voted-for-a-worse-log" }, ...between, verdict);
	}
	const culprit: Culprit = { server: vote.voter, event: restart.bootedAt, wrong: "forgot-an-entry" };
	return finish(culprit, ...tellRestart(history, holding, restart, entry), verdict);
}

/**
 * The first leader, after an entry was committed, that did not have it: it put something else at its index or before it, or replicated what was applied
 * there instead.
 */
function firstWithout(
	log: Log,
	{ victories }: Elections,
	lost: Application,
	{ index }: Entry,
	other: Entry,
	before: At,
): Change | undefined {
	const senders = new Set(
		log.calls
			.filter((call) => call.sentAt < before && (call.caller?.term ?? 0) > lost.term && log.holds(call, other))
			.map(({ from, caller }) => `${from}/${caller?.term}`),
	);
	return victories.find(({ server, term, at }) => {
		if (term <= lost.term || at > before) return false;
		if (senders.has(`${server}/${term}`) || (server === other.leader && term === other.term)) return true;
		const [first] = log.startsOfTerm(server, term);
		return at > lost.event.at && first !== undefined && first.index <= index;
	});
}

function lastAnswer(log: Log, server: number, after: At, before: At): At | undefined {
	return log.calls.findLast(
		({ to, answeredAt }) => to === server && answeredAt !== undefined && answeredAt > after && answeredAt < before,
	)?.answeredAt;
}

function tellRestart(
	history: History,
	{ server }: Holding,
	{ bootedAt, crashedAt, savedAt, isUnsaved }: NonNullable<ReturnType<typeof restartSince>>,
	{ index }: Entry,
): Step[] {
	const what =
		savedAt === undefined
			? `having saved nothing since it stored index ${index}`
			: isUnsaved
				? "with no more in stable storage than before it stored it"
				: `having saved at ${(timeOf(history, savedAt) / 1000).toFixed(3)} s`;
	return [
		{ atMs: timeOf(history, crashedAt), server, event: crashedAt, text: `S${server} crashes, ${what}` },
		{
			atMs: timeOf(history, bootedAt),
			server,
			event: bootedAt,
			text: `S${server} restarts${isUnsaved ? `, without index ${index}` : ""}`,
		},
	];
}

function tellStart(history: History, { entry }: Application): Step[] {
	if (entry === undefined) return [];
	const { leader, term, index, command, startedAt } = entry;
	const text = `S${leader}, leader of term ${term}, puts ${show(command)} at index ${index}`;
	return [{ atMs: timeOf(history, startedAt), server: leader, event: startedAt, text }];
}

function tellHoldings(history: History, holders: readonly Holding[]): Step[] {
	return holders
		.filter(({ call }) => call !== undefined)
		.map(({ server, at, call }) => ({
			atMs: timeOf(history, at),
			server,
			event: at,
			text: `S${server} answers S${call?.from}: it has stored it`,
			isMinor: true,
		}));
}

function tellApply(history: History, { event: { server, index, command, at } }: Application): Step {
	return {
		atMs: timeOf(history, at),
		server,
		event: at,
		text: `S${server} applies ${show(command)} at index ${index}`,
	};
}
