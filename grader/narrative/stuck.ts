import { majorityOf } from "./elections.ts";
import { type History, timeOf } from "./history.ts";
import { type Attempt, type LastSeen, type Lately, sumUp } from "./lately.ts";
import { needlessElections } from "./needless.ts";
import { inOrder, listServers, type Step, type Story } from "./story.ts";

/** How long before the failure is looked at, if the test doesn't say since when it has waited. */
const WINDOW_MS = 5_000;
/** How many of several alike are told. */
const TOLD_MAX = 3;
/** Longer than any sensible election timeout. */
const LONG_MS = 1_500;

/** Something that should have happened didn't: who waits for what. */
export function tellStandstill(history: History): Story {
	const lately = sumUp(history, waitingSince(history));
	const steps = [
		...tellServers(history, lately),
		...tellElections(history, lately),
		...tellNeedless(history, lately),
		...(lately.leader === undefined ? tellLeaderless(history, lately) : tellLeader(history, lately, lately.leader)),
	];
	return { steps: inOrder(steps) };
}

/** Since when the test has waited for what didn't come. */
export function waitingSince({ events, endMs }: History): number {
	const asked = events.findLast((event) => event.kind === "tester" && event.text.startsWith("one("));
	const sinceMs = asked === undefined || asked.atMs >= endMs - 500 ? endMs - WINDOW_MS : asked.atMs;
	return Math.max(0, sinceMs);
}

/** Who cannot take part. */
function tellServers({ cuts, lives, events, endMs }: History, { servers }: Lately): Step[] {
	return servers.flatMap(({ server, isDown, isCutOff }) => {
		if (isDown) {
			const event = lives.findLast((life) => life.server === server)?.crashedAt;
			const atMs = event === undefined ? 0 : (events[event]?.atMs ?? endMs);
			return [{ atMs, server, ...(event === undefined ? {} : { event }), text: `S${server} is down from here on` }];
		}
		if (!isCutOff) return [];
		const event = cuts.findLast((cut) => cut.server === server)?.from ?? 0;
		return [{ atMs: events[event]?.atMs ?? endMs, server, event, text: `S${server} is cut off from here on` }];
	});
}

function tellElections(history: History, { attempts, victories, fromMs, elections }: Lately): Step[] {
	const failed = attempts.filter(({ outcome }) => outcome !== "won");
	const told = failed.slice(-TOLD_MAX).map((attempt) => tellAttempt(history, attempt));
	const count = (wanted: Attempt["outcome"]) => attempts.filter(({ outcome }) => outcome === wanted).length;
	const parts = [
		`${count("won")} won`,
		...(count("split") > 0 ? [`${count("split")} split between candidates of one term`] : []),
		...(count("passed-over") > 0 ? [`${count("passed-over")} with votes enough and yet not won`] : []),
		...(count("refused") > 0 ? [`${count("refused")} without enough votes`] : []),
		...(count("unanswered") > 0 ? [`${count("unanswered")} that nobody answered in time`] : []),
	];
	const sum: Step[] =
		attempts.length > 1
			? [{ atMs: fromMs, text: `from here on ${attempts.length} elections: ${parts.join(", ")}` }]
			: [];
	const won = victories.slice(-TOLD_MAX).map(({ server, term, at }) => {
		const votes = elections.supporters(server, term, at);
		const by = votes.length > 1 ? `, with the votes of ${listServers(votes)}` : "";
		return { atMs: history.events[at]?.atMs ?? 0, server, event: at, text: `S${server} leads term ${term}${by}` };
	});
	return [...sum, ...told, ...won];
}

/** Elections although there is a leader: whether its messages are too rare, or those who hear them stand all the same. */
function tellNeedless(history: History, { attempts }: Lately): Step[] {
	const needless = needlessElections(
		history,
		attempts.map(({ candidacy }) => candidacy),
	);
	const last = needless.at(-1);
	if (last === undefined || needless.length < 2) return [];
	const { candidacy, leader, term, silentMs } = last;
	const many = needless.length === attempts.length ? "all of these elections" : `${needless.length} of these elections`;
	const heard =
		silentMs === undefined
			? `had heard nothing yet from S${leader}, the leader of term ${term}`
			: `had last heard from S${leader}, the leader of term ${term}, ${Math.round(silentMs)} ms before`;
	return [
		{
			atMs: timeOf(history, candidacy.stoodAt),
			server: candidacy.candidate,
			event: candidacy.stoodAt,
			text: `S${candidacy.candidate} stands in term ${candidacy.term}: it ${heard} (${many} were held although a leader was up and connected)`,
		},
	];
}

function tellAttempt({ events }: History, attempt: Attempt): Step {
	const { candidate, term, stoodAt } = attempt.candidacy;
	return {
		atMs: events[stoodAt]?.atMs ?? 0,
		server: candidate,
		event: stoodAt,
		text: `S${candidate} stands in term ${term}: ${whyNotWon(attempt)}`,
	};
}

function whyNotWon({ outcome, refusedBy, supporters }: Attempt): string {
	if (outcome === "passed-over")
		return `${listServers(supporters)} vote for it, a majority, and yet its getState() does not say that it leads`;
	if (outcome === "split") return "another stands in the same term, and neither gets a majority";
	if (refusedBy.length > 0) return `${listServers(refusedBy)} ${refusedBy.length === 1 ? "refuses" : "refuse"}`;
	return outcome === "refused" ? "it is not elected" : "no answer comes in time";
}

function tellLeaderless(history: History, { servers, attempts, elections, unsaid, fromMs }: Lately): Step[] {
	const up = servers.filter(({ isDown, isCutOff }) => !isDown && !isCutOff);
	const steps: Step[] = [];
	if (up.length < majorityOf(history)) {
		steps.push({
			atMs: history.endMs,
			text: `only ${up.length} of ${history.servers} servers are up and connected: no majority`,
		});
	}
	if (unsaid !== undefined) {
		const { server, method, calls, since } = unsaid;
		steps.push({
			atMs: timeOf(history, since),
			server,
			event: since,
			text: `S${server} calls ${method} from here on (${calls} times), as leaders do, and the others hold no election; but it never says that it leads`,
		});
		return steps;
	}
	if (attempts.length === 0) {
		const last = elections.candidacies.at(-1);
		const since = last === undefined ? "ever" : `since S${last.candidate} in term ${last.term}`;
		steps.push({
			atMs: fromMs,
			text: `nobody stands for election from here on (nobody has ${since})`,
		});
	}
	const lastStood = (server: number) => elections.candidacies.findLast(({ candidate }) => candidate === server);
	for (const { server, standing, heardMs } of up) {
		const stood = lastStood(server);
		const stoodMs = stood === undefined ? undefined : history.events[stood.stoodAt]?.atMs;
		if (attempts.length > 0 && stoodMs !== undefined && history.endMs - stoodMs < LONG_MS) continue;
		const what = stoodMs === undefined ? "has never stood for election" : `last stood at ${seconds(stoodMs)}`;
		const heard = heardMs === undefined ? "has heard from nobody" : `last heard from another at ${seconds(heardMs)}`;
		steps.push({
			atMs: history.endMs,
			server,
			text: `S${server}, in term ${standing?.term ?? 0}, ${what}; it ${heard}`,
		});
	}
	return steps;
}

function tellLeader(history: History, { lines, servers, fromMs }: Lately, leader: LastSeen): Step[] {
	const steps: Step[] = [];
	const note = (text: string, server = leader.server) => steps.push({ atMs: history.endMs, server, text });
	for (const { to, calls, answered, refusals, lastMs } of lines) {
		const peer = servers[to] as LastSeen;
		if (peer.isDown || peer.isCutOff) continue;
		if (lastMs === undefined) note(`S${leader.server} has sent S${to} nothing since ${seconds(fromMs)}`);
		else if (history.endMs - lastMs > LONG_MS)
			note(`S${leader.server} has sent S${to} nothing since ${seconds(lastMs)}`);
		else if (refusals >= 3) note(`S${to} has refused what S${leader.server} sends ${refusals} times in a row`, to);
		else if (answered === 0) {
			const requests = calls.length === 1 ? "the one request" : `any of the ${calls.length} requests`;
			note(`S${to} has not answered ${requests} of S${leader.server}`, to);
		}
	}
	const indices = servers.filter(({ isDown }) => !isDown).map(({ server, applied }) => `S${server} up to ${applied}`);
	const last = history.starts.findLast(({ isLeader, server }) => isLeader && server === leader.server);
	const put = last === undefined ? "" : `; S${leader.server}'s latest command stands at index ${last.index}`;
	steps.push({ atMs: history.endMs, text: `applied: ${indices.join(", ")}${put}` });
	return steps;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(3)} s`;
}
