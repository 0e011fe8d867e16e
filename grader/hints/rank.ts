import type { CauseId } from "../../labs/catalog/causes.ts";
import type { Wrong } from "../narrative/story.ts";
import type { Evidence } from "./evidence.ts";

/**
 * Puts the causes that a run speaks for in order, the likeliest first. Empty if nothing speaks for any: of a fault, its message says all.
 *
 * @param aims - what the test was made to bring to light, if it was: see its entry in labs/catalog.
 */
export function rankCauses(evidence: Evidence, aims: readonly CauseId[] = []): CauseId[] {
	const shown = suspects(evidence);
	if (saysAll(evidence)) return [...new Set(shown)];
	// Who voted for a worse log may have lost what it should have compared; whatever else the story found is what the screen says.
	const isFound = evidence.wrong !== undefined && evidence.wrong !== "voted-for-a-worse-log";
	const first = isFound ? shown.slice(0, 1) : shown.filter((cause) => aims.includes(cause));
	const inTurn = Array.from({ length: Math.max(shown.length, aims.length) }, (_, i) => [aims[i], shown[i]]).flat();
	return [...new Set([...first, ...inTurn.filter((cause) => cause !== undefined)])];
}

/** Whether the run shows the mistake itself: then it doesn't matter which test it fails. */
function saysAll({ check, leaderRefuses, startedByFollower, beginsElsewhere, leadsUnsaid }: Evidence): boolean {
	return check.startsWith("fault-") || leaderRefuses || startedByFollower || beginsElsewhere || leadsUnsaid;
}

function suspects(evidence: Evidence): readonly CauseId[] {
	const { check, wrong, snapshots } = evidence;
	if (check.startsWith("fault-")) return faults(evidence);
	if (evidence.leaderRefuses) return ["start-answers"];
	if (check.startsWith("assertion:")) return assertions(evidence);
	if (evidence.startedByFollower) return ["start-answers", ...(wrong === undefined ? [] : byWrong(wrong, evidence))];
	if (evidence.beginsElsewhere) return ["start-answers", "index-shift"];
	if (wrong !== undefined) return [...byWrong(wrong, evidence), ...(snapshots > 0 ? SNAPSHOT_STATE : [])];
	switch (check) {
		case "apply-agreement":
		case "agreement":
			if (evidence.obeysOld > 0) return ["old-leader-obeyed", "consistency-check"];
			return snapshots > 0
				? ["conflicts-kept", ...SNAPSHOT_STATE]
				: ["consistency-check", "match-index", "conflicts-kept"];
		case "apply-order":
			return applyOrder(evidence);
		case "snapshot-content":
			return ["snapshot-installed", "snapshot-saved", "applied-and-snapshots"];
		case "leader-append-only":
			return snapshots > 0 ? ["snapshot-offset", "start-answers"] : ["start-answers", "old-leader-obeyed"];
		case "standstill":
		case "message-budget":
		case "event-budget":
			if (evidence.snapshotShare > 0.5) return ["snapshot-sending", "too-many-messages"];
			if (evidence.refuserStood) return ["no-step-down", "back-up"];
			return evidence.refusals > 100 ? ["back-up", "consistency-check"] : ["too-many-messages", "back-up"];
		case "election-safety":
			return ["votes-twice", "votes-counted"];
		default:
			return standstill(evidence);
	}
}

/** Where the array begins after a snapshot concerns everything that is done with the log. */
const SNAPSHOT_STATE: readonly CauseId[] = ["snapshot-offset", "snapshot-installed", "snapshot-stale"];

/** What the story found, and what that usually comes from. */
function byWrong(wrong: Wrong, evidence: Evidence): readonly CauseId[] {
	switch (wrong) {
		case "voted-twice":
			return ["votes-twice", "vote-not-saved"];
		case "forgot-its-vote":
			return ["vote-not-saved", "votes-twice", "restored-wrongly"];
		case "counted-old-votes":
			return ["stale-votes", "votes-counted"];
		case "counted-a-vote-twice":
		case "counted-refusals":
		case "led-without-majority":
			return ["votes-counted", "stale-votes", "no-step-down"];
		case "kept-its-office":
			return ["no-step-down", "term-not-adopted"];
		case "voted-for-a-worse-log":
			return [
				...whatTookItAway(evidence),
				"log-comparison",
				evidence.hasCulpritRestarted ? "log-not-saved" : "match-index",
			];
		case "forgot-an-entry":
			if (evidence.snapshots > 0) return ["log-not-saved", "snapshot-saved"];
			return ["log-not-saved", "restored-wrongly"];
		case "dropped-an-entry":
			return ["truncation", "conflicts-kept", "match-index"];
		case "committed-without-majority":
			return evidence.areAnswersTaken
				? ["match-index", "commit-minority"]
				: ["commit-minority", "apply-uncommitted", "match-index"];
		case "committed-an-old-term":
			return ["commit-old-term", "commit-minority"];
		case "applied-uncommitted":
			return ["follower-commits", "apply-uncommitted"];
		case "applied-a-leftover":
			if (evidence.hadIt) return ["conflicts-kept", "consistency-check"];
			return evidence.hasCulpritRestarted
				? ["follower-commits", "apply-uncommitted", "consistency-check"]
				: ["follower-commits", "consistency-check", "conflicts-kept"];
		case "applied-elsewhere":
			if (evidence.snapshots > 0) return ["snapshot-offset", "applied-and-snapshots"];
			return ["index-shift", "conflicts-kept", "consistency-check"];
		case "forgot-its-term":
			return ["vote-not-saved", "restored-wrongly"];
		case "set-its-term-back":
			return ["term-lowered", "term-not-adopted"];
	}
}

/** What may have cost a voter the entry that it had: then it compared rightly what was left. */
function whatTookItAway({ obeysOld, staysBehind, sendsAsFormerLeader, installed }: Evidence): readonly CauseId[] {
	if (obeysOld > 0) return ["old-leader-obeyed"];
	if (staysBehind > 0) return ["term-not-adopted"];
	if (sendsAsFormerLeader > 3) return ["no-step-down"];
	return installed > 0 ? ["snapshot-stale"] : [];
}

function applyOrder({ snapshots, installed, message, hasRestarted, snapshotCalls }: Evidence): readonly CauseId[] {
	if (snapshots === 0) return ["apply-order", "index-shift"];
	if (message.includes("snapshot up to")) return ["snapshot-stale", "applied-and-snapshots"];
	if (hasRestarted && message.includes("just started")) return ["snapshot-saved", "applied-and-snapshots"];
	// The leader sent its snapshot, and nobody handed one over.
	if (snapshotCalls > 0 && installed === 0) return ["snapshot-installed", "snapshot-offset"];
	return installed > 0
		? ["applied-and-snapshots", "snapshot-installed", "snapshot-offset"]
		: ["applied-and-snapshots", "snapshot-offset", "snapshot-saved"];
}

/** What the submission threw, or passed where it can't be passed. Its message says what is wrong; only what it stumbles over may have a reason further back. */
function faults({ message, snapshots, stumblesOverNoReply }: Evidence): readonly CauseId[] {
	if (stumblesOverNoReply) return ["no-reply-not-expected"];
	if (message.includes("start(")) return ["start-answers", "index-shift"];
	if (!/of undefined|undefined \(|is not iterable|Invalid array length|out of range|no entry/i.test(message)) return [];
	return snapshots > 0 ? ["snapshot-offset", "applied-and-snapshots"] : ["no-reply-not-expected", "index-shift"];
}

function assertions({ message }: Evidence): readonly CauseId[] {
	if (/bytes/i.test(message)) return ["too-many-bytes", "too-many-messages"];
	if (/elections/.test(message)) return ["leader-disturbed", "timeouts-alike"];
	if (/RPCs/.test(message)) return ["too-many-messages", "leader-disturbed", "back-up"];
	return ["start-answers", "index-shift", "apply-uncommitted"];
}

/** A majority had voted for a candidate, and it didn't lead. */
const PASSED_OVER: Readonly<Record<NonNullable<Evidence["passedOver"]>, readonly CauseId[]>> = {
	"though refused": ["votes-refused", "votes-counted"],
	"though unanswered": ["votes-counted", "waits-for-replies"],
	"though all agreed": ["votes-counted", "state-answers"],
};

/** Something didn't happen in time: who could not do what. */
function standstill(evidence: Evidence): readonly CauseId[] {
	const { hasLeader, split, refused, won, disturbing, refusals, leaderLags, followersLag, snapshots, message } =
		evidence;
	if (/log size/.test(message)) return ["log-not-trimmed", "snapshot-saved"];
	if (evidence.appliedElsewhere) return ["index-shift", "start-answers"];
	if (evidence.leadsUnsaid) return ["state-answers", "votes-counted"];
	if (!hasLeader && evidence.passedOver !== undefined) return PASSED_OVER[evidence.passedOver];
	if (!hasLeader && evidence.waitsSilently) return ["waits-for-replies", "election-not-begun"];
	if (won === 0 && evidence.askedAtOnce < 0.5) return ["waits-for-replies", "timeouts-alike"];
	if (evidence.sendsAsFormerLeader > 3) return ["no-step-down", "too-many-messages"];
	if (evidence.staysBehind > 0) return ["term-not-adopted", "votes-refused"];
	if (hasLeader && won <= 1) {
		if (evidence.snapshotShare > 0.3) return ["snapshot-sending", "snapshot-installed"];
		if (refusals >= 3 && evidence.refusedAfterYes) {
			return snapshots > 0
				? ["snapshot-stale", "truncation", "match-index"]
				: ["truncation", "match-index", "log-not-saved"];
		}
		if (refusals >= 3 && evidence.refusedAfterBareYes)
			return ["consistency-check", snapshots > 0 ? "snapshot-offset" : "back-up"];
		if (refusals >= 3)
			return snapshots > 0 ? ["snapshot-sending", "snapshot-offset"] : ["back-up", "match-index", "consistency-check"];
		if (evidence.silentMs > 1_000)
			return snapshots > 0 ? ["waits-for-replies", "snapshot-sending"] : ["waits-for-replies", "back-up"];
		if (leaderLags) return ["commit-late", "back-up", "start-answers"];
		if (followersLag) return snapshots > 0 ? ["snapshot-sending", "snapshot-installed"] : ["commit-late", "back-up"];
	}
	if (evidence.staysInTerm) return ["term-not-adopted", "election-not-begun"];
	if (!hasLeader && evidence.idleMs > 1_500) return ["election-not-begun", "waits-for-replies"];
	if (disturbing > 0.3) return ["leader-disturbed", "term-not-adopted"];
	if (won === 0 && refused > split) return ["votes-refused", "term-not-adopted"];
	if (split > 0 && split >= refused) return ["timeouts-alike", "votes-refused"];
	return won > 2 ? ["leader-disturbed", "back-up"] : ["back-up", "commit-late"];
}
