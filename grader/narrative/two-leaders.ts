import { type Candidacy, type Elections, findElections, majorityOf, type Vote } from "./elections.ts";
import { type At, type Change, type History, restartBetween, timeOf } from "./history.ts";
import { inOrder, listServers, type Step, type Story, type Wrong } from "./story.ts";

/** Two servers lead in one term, or one does without a majority: who voted for whom, and who gave, or counted, what there wasn't. */
export function tellLeaders(history: History, leaders: readonly number[], term: number): Story {
	const elections = findElections(history);
	const victories = leaders.flatMap((leader) => {
		const victory = elections.victories.find((each) => each.server === leader && each.term === term);
		return victory === undefined ? [] : [victory];
	});
	const steps = victories.flatMap((victory) => tellElection(history, elections, victory));
	for (const victory of victories) {
		const wrong = miscount(history, elections, victory);
		if (wrong === undefined) continue;
		const { server, at } = victory;
		const verdict = { atMs: timeOf(history, at), server, event: at, text: wrong.text };
		const old = oldVotes(history, elections, victory);
		return {
			steps: inOrder([...steps, ...old, verdict]),
			culprit: { server, event: at, wrong: wrong.wrong },
		};
	}
	const twice = votesGivenTwice(elections, leaders, term);
	const [first, second] = twice ?? [];
	if (first === undefined || second === undefined) return { steps: inOrder(steps) };
	const restart = tellRestart(history, first, second);
	const wrong: Wrong = restart.length > 0 ? "forgot-its-vote" : "voted-twice";
	const verdict: Step = {
		atMs: timeOf(history, second.at),
		server: second.voter,
		event: second.at,
		text: `S${second.voter} has now voted twice in term ${term}: for S${first.candidate} and for S${second.candidate}`,
	};
	return {
		steps: inOrder([...steps, ...restart, verdict]),
		culprit: { server: second.voter, event: second.at, wrong },
	};
}

/** How a server came to lead: whom it asked, who said yes in time, and when it led. */
export function tellElection(history: History, elections: Elections, { server, term, at }: Change): Step[] {
	const candidacy = candidacyOf(elections, server, term);
	const steps: Step[] = [];
	const note = (event: At, who: number, text: string, isMinor = false) =>
		steps.push({ atMs: timeOf(history, event), server: who, event, text, ...(isMinor ? { isMinor } : {}) });
	if (candidacy !== undefined) {
		const asked = listServers([...new Set(candidacy.calls.filter(({ sentAt }) => sentAt < at).map(({ to }) => to))]);
		if (asked !== "") note(candidacy.stoodAt, server, `S${server} stands in term ${term} and asks ${asked}`);
		for (const vote of elections.votesIn(term)) {
			if (vote.candidate !== server || vote.call === undefined || (vote.call.repliedAt ?? at) >= at) continue;
			note(vote.at, vote.voter, `S${vote.voter} votes for S${server} in term ${term}`, true);
		}
	}
	note(at, server, `S${server} leads term ${term}`);
	return steps;
}

/** Whether a server led without a majority, as far as the replies that had come in show; and what it may have counted. */
export function miscount(
	history: History,
	elections: Elections,
	{ server, term, at }: Change,
): { readonly wrong: Wrong; readonly text: string } | undefined {
	const needed = majorityOf(history);
	const candidacy = candidacyOf(elections, server, term);
	const replies = (candidacy?.calls ?? []).filter(({ repliedAt }) => repliedAt !== undefined && repliedAt < at);
	const isKnown = elections.areVotesKnown;
	const supporters = isKnown
		? elections.supporters(server, term, at)
		: [...new Set([server, ...replies.map(({ to }) => to)])];
	if (supporters.length >= needed) return undefined;
	const what = isKnown ? "votes" : "answers";
	const has = `S${server} leads term ${term} with ${supporters.length} of the ${needed} ${what} that it needs (${listServers(supporters)})`;
	const before = elections.victories.find((each) => each.server === server && each.at === at)?.before;
	if (candidacy === undefined && before?.isLeader === true) {
		const text = `S${server} goes on as leader when it moves from term ${before.term} to term ${term}, in which it never stood`;
		return { wrong: "kept-its-office", text };
	}
	if (oldVotes(history, elections, { server, term, at }).length > 0) {
		return {
			wrong: "counted-old-votes",
			text: `${has}: it seems to have counted votes that were given to it in an earlier term`,
		};
	}
	const yes = replies.filter((call) => elections.isYes(call) !== false);
	if (yes.length + 1 > supporters.length && yes.length + 1 >= needed) {
		return { wrong: "counted-a-vote-twice", text: `${has}: it seems to have counted repeated answers of one server` };
	}
	const refusals = replies.filter((call) => elections.isYes(call) === false);
	if (refusals.length > 0 && supporters.length + refusals.length >= needed) {
		const refused = listServers([...new Set(refusals.map(({ to }) => to))]);
		return { wrong: "counted-refusals", text: `${has}: ${refused} had refused it` };
	}
	return { wrong: "led-without-majority", text: has };
}

/** Votes of earlier terms that came in during the election, or in the term. */
function oldVotes(
	history: History,
	{ candidacies, isYes }: Elections,
	{ server, term, at }: Pick<Change, "server" | "term" | "at">,
): Step[] {
	const since = candidacies.find((each) => each.candidate === server && each.term === term)?.stoodAt;
	return candidacies
		.filter((each) => each.candidate === server && each.term < term)
		.flatMap((each) => each.calls.map((call) => ({ call, of: each.term })))
		.filter(({ call }) => isYes(call) === true && call.repliedAt !== undefined && call.repliedAt < at)
		.filter(({ call }) => (call.repliedAt as At) > (since ?? enteredAt(history, server, term)))
		.map(({ call, of }) => ({
			atMs: timeOf(history, call.repliedAt as At),
			server,
			event: call.repliedAt as At,
			text: `S${call.to}'s vote for S${server} in term ${of} arrives: it is of an earlier election`,
		}));
}

/** When a server came to a term, or to where it says it leads it. */
function enteredAt({ changes }: History, server: number, term: number): At {
	return changes.find((change) => change.server === server && change.term === term)?.at ?? 0;
}

/** The two votes of one server for two candidates in a term; those that made both leaders before others. */
function votesGivenTwice(
	{ votesIn }: Elections,
	leaders: readonly number[],
	term: number,
): readonly Vote[] | undefined {
	const votes = votesIn(term);
	const pairs = [...new Set(votes.map(({ voter }) => voter))].flatMap((voter) => {
		const own = votes.filter((vote) => vote.voter === voter);
		const first = own[0] as Vote;
		const second = own.find(({ candidate }) => candidate !== first.candidate);
		return second === undefined ? [] : [[first, second] as const];
	});
	const isForBoth = (pair: readonly Vote[]) => pair.every(({ candidate }) => leaders.includes(candidate));
	const inTime = pairs.toSorted(([, a], [, b]) => a.at - b.at);
	return inTime.find(isForBoth) ?? inTime[0];
}

/** What happened to a voter between its two votes, if it restarted: whether it had saved anything. */
function tellRestart(history: History, first: Vote, second: Vote): Step[] {
	const { voter } = first;
	const restart = restartBetween(history, voter, first.at, second.at);
	if (restart === undefined) return [];
	const crashedAt = history.lives.find(
		(life) => life.server === voter && (life.crashedAt ?? 0) > first.at && (life.crashedAt ?? 0) <= restart.bootedAt,
	)?.crashedAt;
	const until = crashedAt ?? restart.bootedAt;
	// A vote is saved before it is told: from when the request came, or, of a candidate, from the same instant on.
	const firstMs = timeOf(history, first.at);
	const saved = history.saves.findLast(({ server, at, atMs }) => {
		if (server !== voter || at >= until) return false;
		return first.call === undefined ? atMs >= firstMs : at > (first.call.deliveredAt ?? first.at);
	});
	const what =
		saved === undefined
			? "having saved nothing since it voted"
			: `having saved at ${(saved.atMs / 1000).toFixed(3)} s, with its vote or without`;
	return [
		{ atMs: timeOf(history, until), server: voter, event: until, text: `S${voter} crashes, ${what}` },
		{
			atMs: timeOf(history, restart.bootedAt),
			server: voter,
			event: restart.bootedAt,
			text: `S${voter} restarts from what it has saved`,
		},
	];
}

function candidacyOf({ candidacies }: Elections, server: number, term: number): Candidacy | undefined {
	return candidacies.find((each) => each.candidate === server && each.term === term);
}
