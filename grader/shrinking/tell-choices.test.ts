import { expect } from "chai";
import { Decision, type KeptChoice, type SimulationEvent, Stream } from "../../harness/index.ts";
import { tellChoices } from "./tell-choices.ts";

const call = (rpc: number, from: number, to: number, method: string): SimulationEvent => {
	return { kind: "call", atMs: 10 * rpc, rpc, from, to, method, args: "{}", bytes: 2 };
};
const EVENTS: readonly SimulationEvent[] = [
	call(1, 2, 0, "RequestVote"),
	call(2, 2, 1, "RequestVote"),
	call(3, 2, 0, "AppendEntries"),
	{ kind: "crash", atMs: 312.5, server: 0 },
];

function tell(decision: Decision, [a, b, n]: readonly [number, number, number], drawn: unknown): string | undefined {
	const choice: KeptChoice = { decision, a, b, n, atMs: 312.5, drawn };
	return tellChoices([choice], EVENTS, 3)[0];
}

describe("the choices of a shrunk run", () => {
	/** From S2 to S0, the request, and its reply. */
	const [request, reply] = [2 * (3 * 2 + 0), 2 * (3 * 0 + 2) + 1];
	const cases: readonly (readonly [Decision, readonly [number, number, number], unknown, string])[] = [
		[Decision.requestLoss, [2, 0, 0], true, "S2's RequestVote to S0 at 0.313 s was lost."],
		[Decision.replyLoss, [2, 0, 1], true, "S0's reply to S2's AppendEntries at 0.313 s was lost."],
		[Decision.requestDelay, [2, 0, 1], 17, "S2's AppendEntries to S0 at 0.313 s took 17 ms."],
		[Decision.requestLatency, [2, 1, 0], 0.84, "S2's RequestVote to S1 at 0.313 s took 0.8 ms."],
		[Decision.replyLatency, [2, 1, 0], 0.84, "S1's reply to S2's RequestVote at 0.313 s took 0.8 ms."],
		[Decision.reorder, [2, 0, 1], 1734, "S0's reply to S2's AppendEntries at 0.313 s was held back for 1,734 ms."],
		[
			Decision.unreachableDelay,
			[2, 0, 0],
			3210,
			"S2's RequestVote to S0 at 0.313 s, which could not reach it, gave up after 3,210 ms.",
		],
		[Decision.pauseLength, [1, 0, 3], 40, "S1 was paused for 40 ms at 0.313 s."],
		[Decision.timerLateness, [1, 0, 3], 1.26, "a timer that S1 set at 0.313 s fired 1.3 ms late."],
		[
			Decision.applyOrder,
			[1, 0, 3],
			true,
			"S1's applyCh.send() at 0.313 s returned before the service had handled the message.",
		],
		[
			Decision.tie,
			[Stream.request, 6, 0],
			true,
			"the arrival of S2's RequestVote to S0 came out of turn among what was due at 0.313 s.",
		],
		[Decision.tie, [Stream.timer, 1, 9], true, "a timer of S1's came out of turn among what was due at 0.313 s."],
		[Decision.adversary, [request, 0, 1], { kind: "lost" }, "S2's AppendEntries to S0 at 0.313 s was lost."],
		[
			Decision.adversary,
			[reply, 0, 1],
			{ kind: "late", ms: 250 },
			"S0's reply to S2's AppendEntries at 0.313 s took 250 ms.",
		],
		[
			Decision.adversary,
			[request, 0, 0],
			{ kind: "twice", afterMs: 80 },
			"S2's RequestVote to S0 at 0.313 s came a second time 80 ms later.",
		],
		[
			Decision.adversary,
			[reply, 1, 0],
			true,
			"S0 crashed and restarted at 0.313 s, right after S0's reply to S2's RequestVote.",
		],
	];
	for (const [decision, key, drawn, sentence] of cases) {
		it(`are told: ${sentence}`, () => {
			expect(tell(decision, key, drawn)).to.equal(sentence);
		});
	}

	it("are told in some way also if their message is not there", () => {
		expect(tell(Decision.requestLoss, [1, 0, 7], true)).to.equal("S1's call to S0 at 0.313 s was lost.");
		expect(() => tell(Decision.tester, [0, 0, 0], 1)).to.throw("no default");
	});
});
