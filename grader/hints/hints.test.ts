import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { causes } from "../../labs/catalog/causes.ts";
import { mutants } from "../../reference/mutants/index.ts";
import { ROOT, run } from "../testing/command.ts";
import { type Evidence, gatherEvidence } from "./evidence.ts";
import { rankCauses } from "./rank.ts";

const STUDY = fileURLToPath(new URL("../studies/hints.ts", import.meta.url));

/** A run that shows nothing. */
const NOTHING: Evidence = {
	check: "one",
	message: "one(1, 3, retry) failed to reach agreement",
	wrong: undefined,
	hasRestarted: false,
	hasCulpritRestarted: false,
	snapshots: 0,
	installed: 0,
	won: 0,
	split: 0,
	refused: 0,
	passedOver: undefined,
	leadsUnsaid: false,
	disturbing: 0,
	askedAtOnce: 1,
	staysInTerm: false,
	staysBehind: 0,
	obeysOld: 0,
	sendsAsFormerLeader: 0,
	waitsSilently: false,
	idleMs: 0,
	hasLeader: true,
	silentMs: 0,
	refusals: 0,
	leaderLags: false,
	followersLag: false,
	areAnswersTaken: false,
	hadIt: false,
	refuserStood: false,
	refusedAfterYes: false,
	refusedAfterBareYes: false,
	snapshotShare: 0,
	snapshotCalls: 0,
	startedByFollower: false,
	leaderRefuses: false,
	beginsElsewhere: false,
	appliedElsewhere: false,
	stumblesOverNoReply: false,
};

function firstFor(known: Partial<Evidence>): string | undefined {
	return rankCauses({ ...NOTHING, ...known })[0];
}

describe("hints", () => {
	it("follow what the story found", () => {
		expect(firstFor({ check: "election-safety", wrong: "voted-twice" })).to.equal("votes-twice");
		expect(firstFor({ check: "election-safety", wrong: "forgot-its-vote" })).to.equal("vote-not-saved");
		expect(firstFor({ check: "apply-agreement", wrong: "committed-an-old-term" })).to.equal("commit-old-term");
	});

	it("follow who waits for whom, if there is no culprit", () => {
		expect(firstFor({ hasLeader: false, idleMs: 9_000 })).to.equal("election-not-begun");
		expect(firstFor({ hasLeader: false, idleMs: 9_000, waitsSilently: true })).to.equal("waits-for-replies");
		expect(firstFor({ refusals: 40, followersLag: true })).to.equal("back-up");
		expect(firstFor({ hasLeader: false, split: 30, refused: 10 })).to.equal("timeouts-alike");
	});

	it("tell who was elected and did not lead from who led and did not say so", () => {
		expect(firstFor({ hasLeader: false, leadsUnsaid: true, idleMs: 4_000 })).to.equal("state-answers");
		const ranked = (passedOver: Evidence["passedOver"]) =>
			rankCauses({ ...NOTHING, hasLeader: false, won: 1, passedOver });
		expect(ranked("though all agreed")).to.deep.equal(["votes-counted", "state-answers"]);
		expect(ranked("though unanswered")).to.deep.equal(["votes-counted", "waits-for-replies"]);
		expect(ranked("though refused")[0]).to.equal("votes-refused");
	});

	it("are never named twice, and always known", () => {
		for (const check of ["one", "apply-order", "snapshot-content", "standstill", "assertion: RPCs"]) {
			for (const snapshots of [0, 3]) {
				const ranked = rankCauses({ ...NOTHING, check, snapshots });
				expect(ranked, check).not.to.be.empty;
				expect(new Set(ranked)).to.have.property("size", ranked.length);
				for (const cause of ranked) expect(causes).to.have.property(cause);
			}
		}
	});

	it("are none for a fault whose message says all, and some where it stumbled over what was missing", () => {
		const ofFault = (check: string, message: string) => rankCauses({ ...NOTHING, check, message });
		expect(ofFault("fault-method", 'S0: call("requestVote"): the server has no method requestVote')).to.deep.equal([]);
		expect(ofFault("fault-wire", "S0: call: args.x: a function cannot be sent over the network")).to.deep.equal([]);
		expect(ofFault("fault-exception", "S0: a timer callback threw: Error: oops")).to.deep.equal([]);
		const stumbled = "S0: TypeError: Cannot read properties of undefined (reading 'term')";
		expect(ofFault("fault-exception", stumbled)[0]).to.equal("no-reply-not-expected");
	});

	it("are a missing reply's if the server had just learned that none would come", () => {
		const known = {
			check: "fault-rejection",
			message: "S1: TypeError: Cannot read properties of undefined",
			snapshots: 8,
		};
		expect(firstFor(known)).to.equal("snapshot-offset");
		expect(firstFor({ ...known, stumblesOverNoReply: true })).to.equal("no-reply-not-expected");
		const journal = (last: SimulationEvent): readonly SimulationEvent[] => [
			{ atMs: 0, kind: "boot", server: 1, incarnation: 0 },
			{ atMs: 5, kind: "call", rpc: 1, from: 1, to: 0, method: "RequestVote", args: "{}", bytes: 2 },
			last,
		];
		const undefinedTerm = "S1: TypeError: Cannot read properties of undefined (reading 'term')";
		const shows = (last: SimulationEvent, message = undefinedTerm, check = "fault-rejection", atMs = 9) =>
			gatherEvidence(
				[...journal(last), { atMs, kind: "failure", check, text: message }],
				2,
				{ check, message, details: {} },
				undefined,
			).stumblesOverNoReply;
		const none: SimulationEvent = { atMs: 8, kind: "no-reply", rpc: 1, from: 1, to: 0, why: "unreachable" };
		expect(shows(none)).to.equal(true);
		expect(shows(none, undefinedTerm.replace("S1", "S0"))).to.equal(false);
		expect(shows(none, "S1: Error: no luck")).to.equal(false);
		expect(shows(none, undefinedTerm, "fault-exception")).to.equal(false);
		expect(shows(none, undefinedTerm, "fault-rejection", 900)).to.equal(false);
		expect(shows({ atMs: 8, kind: "reply", rpc: 1, from: 1, to: 0, reply: "{}", bytes: 2 })).to.equal(false);
	});

	it("begin with what the test was made for, if the run speaks for it too, and name both if it doesn't", () => {
		const worse = { ...NOTHING, check: "apply-agreement", wrong: "voted-for-a-worse-log" } as const;
		expect(rankCauses(worse).slice(0, 2)).to.deep.equal(["log-comparison", "match-index"]);
		expect(rankCauses(worse, ["match-index"])[0]).to.equal("match-index");
		expect(rankCauses(worse, ["conflicts-kept"]).slice(0, 2)).to.deep.equal(["conflicts-kept", "log-comparison"]);
		// Whoever throws is told where, not what the test was about.
		expect(rankCauses({ ...NOTHING, check: "fault-exception", message: "oops" }, ["match-index"])).to.deep.equal([]);
	});

	it("tell a voter that compared wrongly from one that had lost what it should have compared", () => {
		const worse = { check: "apply-agreement", wrong: "voted-for-a-worse-log" } as const;
		expect(firstFor(worse)).to.equal("log-comparison");
		expect(firstFor({ ...worse, obeysOld: 1 })).to.equal("old-leader-obeyed");
		expect(firstFor({ ...worse, staysBehind: 1 })).to.equal("term-not-adopted");
		expect(firstFor({ ...worse, sendsAsFormerLeader: 4 })).to.equal("no-step-down");
		expect(firstFor({ ...worse, installed: 1 })).to.equal("snapshot-stale");
	});

	it("are start()'s if a server that leads refuses every command, whatever fails for it", () => {
		for (const check of ["agreement-in-time", "assertion: RPCs", "one"])
			expect(rankCauses({ ...NOTHING, check, leaderRefuses: true })).to.deep.equal(["start-answers"]);
	});

	it("are known of each mistake: there is a cause that truly describes it", () => {
		for (const { id, causes: own } of mutants) {
			expect(own, id).not.to.be.empty;
			for (const cause of own) expect(causes, id).to.have.property(cause);
		}
	});

	it("name the true cause among the first two for four mistakes of five: a slice of the study", async () => {
		const options = ["--every", "5", "--tests", "1", "--failures", "1", "--seed", "3"];
		const { code, stdout } = await run(process.execPath, ["--import", "tsx", STUDY, ...options], ROOT);
		expect(code).to.equal(0);
		const [, count, share] = /^\| all \| (\d+) \| \d+ \| \d+ % \| (\d+) % \|/m.exec(stdout) ?? [];
		expect(Number(count)).to.be.at.least(12);
		expect(Number(share), stdout).to.be.at.least(80);
	}).timeout(300_000);
});
