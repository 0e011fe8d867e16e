import { expect } from "chai";
import type { RunOptions } from "../run.ts";
import { observe, type Parts } from "./observe.ts";

/** A way to be wrong: what it is, the submission, the check that finds it, and the sentence. */
export type Case = readonly [what: string, submission: Parts | string, check: string, sentence: string];

/** Starts one server, proposes a command to it after 20 ms, and crashes it: the sentence must be that of S0. */
export function itFails(cases: readonly Case[], options: Partial<Omit<RunOptions, "seed" | "program">> = {}): void {
	for (const [what, submission, check, sentence] of cases) {
		it(what, async () => {
			const { failure } = await observe(submission, options, async (cluster) => {
				await cluster.sleep(20);
				cluster.server(0).start("command");
				cluster.crash(0);
			});
			expect(failure?.message).to.equal(`S0: ${sentence}`);
			expect(failure?.check).to.equal(check);
			expect(failure?.details.servers).to.deep.equal([0]);
		});
	}
}
