import { expect } from "chai";
import fc from "fast-check";
import { parseSeed } from "../../harness/index.ts";
import type { RunOrder, RunOutcome } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import { Attempts } from "./attempts.ts";

const SEED = parseSeed("7");
const FIGURES = { virtualMs: 1, servers: 3, rpcs: 0, bytes: 0, agreements: 0, elections: 0 };

function outcome(check: string | undefined): RunOutcome {
	const failure =
		check === undefined ? undefined : { check, message: check, atMs: 100, details: {}, isContained: false };
	return { failure, figures: FIGURES, warnings: [], wallMs: 0, choices: [] };
}

/** Workers that make runs at the same time, and end in an order of their own. */
function workers(count: number, order: number, outcomeOf: (kept: string) => RunOutcome): Pick<Pool, "run"> {
	return {
		async run<Order extends RunOrder>(orders: Iterable<Order>, onOutcome: (order: Order, outcome: RunOutcome) => void) {
			const iterator = orders[Symbol.iterator]();
			const underWay: Order[] = [];
			for (let turn = order; ; turn = Math.imul(turn, 31) + 7) {
				while (underWay.length < count) {
					const { value, done } = iterator.next();
					if (done === true) break;
					underWay.push(value);
				}
				if (underWay.length === 0) return;
				const [over] = underWay.splice(Math.abs(turn) % underWay.length, 1);
				if (over !== undefined) onOutcome(over, outcomeOf(over.kept ?? ""));
			}
		},
	};
}

function attempts(pool: Pick<Pool, "run">, tries: number, check = "wanted") {
	return new Attempts(pool, { test: "Backup", check, tries, signal: new AbortController().signal });
}

describe("attempts", () => {
	it("find the first that fails in the wanted way, and count the same tries, however many workers there are", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom("wanted", "other", undefined), { maxLength: 30 }),
				fc.integer({ min: 1, max: 8 }),
				fc.nat(),
				fc.integer({ min: 1, max: 40 }),
				async (checks, count, order, tries) => {
					const one = attempts(
						workers(count, order, (kept) => outcome(checks[Number(kept)])),
						tries,
					);
					const hit = await one.first(checks.map((_, i) => ({ seed: SEED, kept: String(i) })));
					const first = checks.slice(0, tries).indexOf("wanted");
					expect(hit?.run.kept).to.equal(first < 0 ? undefined : String(first));
					expect(one.tries).to.equal(first < 0 ? Math.min(tries, checks.length) : first + 1);
				},
			),
			{ seed: 1, numRuns: 300 },
		);
	});

	it("give up runs that go on for much longer than one that failed, unless that is how it failed", async () => {
		const limits: (number | undefined)[] = [];
		const pool: Pick<Pool, "run"> = {
			async run(orders, onOutcome) {
				for (const order of orders) {
					limits.push(order.limitMs);
					onOutcome(order, outcome("wanted"));
				}
			},
		};
		const one = attempts(pool, 10);
		one.follow({ atMs: 1000 });
		await one.first([{ seed: SEED }]);
		await one.first([{ seed: SEED }]);
		const other = attempts(pool, 10, "time-limit");
		other.follow({ atMs: 120_000 });
		await other.first([{ seed: SEED }]);
		expect(limits).to.deep.equal([4500, 3150, undefined]);
	});
});
