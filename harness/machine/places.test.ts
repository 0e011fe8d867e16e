import { expect } from "chai";
import type { RunOptions } from "../run.ts";
import { observe } from "../testing/observe.ts";
import { submission } from "../testing/submission.ts";

/** Marks the place in a source where something goes wrong; counted from 1. */
const HERE = "/*here*/";

/** A server in TypeScript, with types that the bundle leaves out, so that lines and columns move. */
const source = (make: string, methods = "") => `
import type { ApplyChannel, ClientEnd, Persister } from "raft-grade";
import { encode } from "raft-grade";

interface Unused {
	readonly one: number;
}

export function make(peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) {
	const unused: Unused = { one: 1 };
	${make}
	return {
		start: (command: unknown) => ({ index: -1, term: 1, isLeader: false }),
		getState: () => ({ term: 1, isLeader: false }),
		snapshot(index: number, bytes: Uint8Array): void {},
		kill(): void {},
		${methods}
	};
}
`;

/** The places of the failure, as `file:line:column`. */
async function places(
	text: string,
	options: Partial<Omit<RunOptions, "seed" | "program">> = { explain: true },
): Promise<string[]> {
	const { failure } = await observe(await submission(text), options);
	if (failure === undefined) throw new Error("the run passed");
	return (failure.details.places ?? []).map(
		({ file, line, column }) => `${file.replace(/^.*[\\/]/, "")}:${line}:${column}`,
	);
}

/** Where the mark stands. */
function marked(text: string, mark = HERE): string {
	const before = text.slice(0, text.indexOf(mark));
	return `submission.ts:${before.split("\n").length}:${before.length - before.lastIndexOf("\n") + mark.length}`;
}

describe("an explained run says where in the source", () => {
	for (const [what, make, methods] of [
		["make() threw", `throw ${HERE}new Error("no");`],
		["a timer's callback threw", `setTimeout((): void => {\n\t\tthrow ${HERE}new Error("no");\n\t}, 5);`],
		["a built-in function threw", `setTimeout(() => (null as unknown as { x: number }).${HERE}x, 5);`],
		["a microtask threw", `queueMicrotask(() => { throw ${HERE}new RangeError("no"); });`],
		[
			"an async function was rejected",
			`void (async (): Promise<void> => { await null; throw ${HERE}new Error("no"); })();`,
		],
		[
			"a handler threw",
			"setTimeout(() => void peers[me]?.call('Vote', 1), 5);",
			`Vote(args: unknown): void { throw ${HERE}new Error("no"); },`,
		],
		[
			"an async handler threw",
			"setTimeout(() => void peers[me]?.call('Vote', 1), 5);",
			`async Vote(args: unknown) { await null; throw ${HERE}new Error("no"); },`,
		],
		["call() was given what cannot be sent", `void peers[me]?.${HERE}call("Vote", { f: (x: number) => x });`],
		[
			"the same, and the error caught",
			`try { void peers[me]?.${HERE}call("Vote", { f: (x: number) => x }); } catch {}`,
		],
		["send() was given something wrong", `void applyCh.${HERE}send(5 as never);`],
		["save() was given something wrong", `persister.${HERE}save("x" as never, new Uint8Array(0));`],
		["encode() was given something deep", `${HERE}encode({ a: [[[[[[[[{ b: { c: { d: () => 1 } } }]]]]]]]] });`],
		["process.exit() was called", `process.${HERE}exit(1);`],
	] as const) {
		it(what, async () => {
			const text = source(make, methods);
			expect((await places(text))[0]).to.equal(marked(text));
		});
	}

	it("with the callers, innermost first, and nothing of the harness", async () => {
		const text = source(`
			function inner(depth: number): number { if (depth > 0) return /*three*/inner(depth - 1); throw /*one*/new Error("no"); }
			const middle = (): number => /*two*/inner(0);
			setTimeout(() => { const value: number = /*last*/middle(); }, 5);
		`);
		expect(await places(text)).to.deep.equal(["/*one*/", "/*two*/", "/*last*/"].map((mark) => marked(text, mark)));
	});

	it("in whichever file it is", async () => {
		const log =
			"export interface Entry { term: number }\n\nexport function last(log: Entry[]): number {\n\treturn log[5].term;\n}\n";
		const text = `import { last } from "./log.ts";\n${source(`${HERE}last([]);`)}`;
		const { failure } = await observe(await submission(text, { "log.ts": log }), { explain: true });
		const shown = failure?.details.places?.map(
			({ file, line, functionName }) => `${file.replace(/^.*[\\/]/, "")}:${line} ${functionName}`,
		);
		expect(shown).to.deep.equal(["log.ts:4 last", "submission.ts:12 make"]);
	});

	it("but not in a run that is only judged", async () => {
		expect(await places(source(`throw new Error("no");`), {})).to.deep.equal([]);
	});

	it("not where an error says that it comes from elsewhere", async () => {
		const forged =
			"Error: no\\n    at raft-grade:submission:99999:1\\n    at x (raft-grade:submission:0:0)\\n    at raft-grade:submission:1e9:-1";
		const text = source(`const error = new Error("no"); error.stack = "${forged}"; throw error;`);
		for (const place of await places(text)) expect(place).to.match(/^submission\.ts:\d+:\d+$/);
	});

	it("nor anything that keeps the machine busy", async () => {
		const make = `const error = new Error("no"); error.stack = "    at (".repeat(100_000) + "    at async ".repeat(100_000); throw error;`;
		expect(await places(source(make))).to.deep.equal([]);
	});
});
