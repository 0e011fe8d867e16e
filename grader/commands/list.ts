import pc from "picocolors";
import type { Output } from "../output.ts";
import type { Policy, PolicyTest } from "../policy/policy.ts";
import { WIDTH, wrap } from "../report/text.ts";

/** `raft-grade --list`: the chosen tests, with their points. */
export function listTests(chosen: readonly PolicyTest[], { known, parts }: Policy, output: Output): void {
	for (const { part, title: about } of parts) {
		const own = known.filter((test) => test.part === part && chosen.includes(test));
		if (own.length === 0) continue;
		output.line(pc.bold(`${part}: ${about}`));
		for (const { test, title, points, visibility } of own) {
			const note = visibility === "hidden" ? " (hidden)" : "";
			const head = `  ${test.padEnd(27)}${String(points).padStart(3)} points  `;
			const [first = "", ...rest] = wrap(`${title}${note}`, WIDTH - head.length);
			output.line(`${head}${first}`);
			for (const line of rest) output.line(`${" ".repeat(head.length)}${line}`);
		}
	}
}
