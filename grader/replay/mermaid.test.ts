import { expect } from "chai";
import fc from "fast-check";
import type { FilterOptions } from "../cli/replay.ts";
import { callsOf } from "./calls.ts";
import type { Journal } from "./journal-schema.ts";
import { mermaid, mermaidText } from "./mermaid.ts";
import { HOSTILE, madeUp, SAMPLES, type Sample, sampleJournal } from "./testing/journals.ts";

const ALL: FilterOptions = {
	servers: undefined,
	topics: undefined,
	withRepeats: true,
	fromMs: undefined,
	toMs: undefined,
	aroundMs: undefined,
};

/** What Mermaid's grammar takes, of what we use. Its parser was tried on the samples by hand: docs/replay.md tells how. */
const LINE =
	/^ {4}(%% [\w@.+-]+.*|participant (T as tester|S\d+)|Note over (T|S\d+): [^\n;]+|S\d+(->>|-->>|-x|--x)S\d+: .+)$/;
const TEXT = /^([\p{L}\p{N} .,:()[\]'"+/=_…-]|#\d+;)+$/u;

function linesOf(journal: Journal, filter: FilterOptions = ALL): string[] {
	const [head, ...lines] = mermaid(journal, callsOf(journal.events), filter).trimEnd().split("\n");
	expect(head).to.equal("sequenceDiagram");
	return lines;
}

function expectGrammar(lines: readonly string[]): void {
	for (const line of lines) {
		expect(line.replaceAll(/#\d+;/g, ""), line).to.match(LINE);
		const text = /^ {4}(?:Note|S\d)[^:]*: (.*)$/.exec(line)?.[1];
		if (text !== undefined) expect(text).to.match(TEXT);
	}
}

describe("a run as a Mermaid diagram", () => {
	for (const sample of Object.keys(SAMPLES) as Sample[]) {
		it(`is one, and not too long (${sample})`, async () => {
			const lines = linesOf(await sampleJournal(sample));
			expectGrammar(lines);
			expect(lines.length).to.be.within(10, 110);
		});
	}

	it("ends with the failure, and begins with how things stood", async () => {
		const lines = linesOf(await sampleJournal("twoLeaders"));
		expect(lines.at(-1)).to.include("FAILS (election-safety): two leaders in term 3: S1 and S0");
		expect(lines.join("\n")).to.include("Note over S1: leader, term 3").and.include("S0->>S1: 2.118 s RequestVote");
	});

	it("notes where a server broke a rule", async () => {
		const journal = await sampleJournal("twoLeaders");
		const lines = linesOf(journal);
		expectGrammar(lines);
		const notes = lines.filter((line) => line.includes(": #33; "));
		expect(notes).to.deep.equal(["    Note over S1: #33; S1 has now voted twice in term 3: for S1 and for S0"]);
		const before = { ...ALL, fromMs: 0, toMs: 1500 };
		expect(linesOf(journal, before).join("\n")).to.not.include("#33;");
	});

	it("shows lost messages as lost, and the part that is asked for", async () => {
		const journal = await sampleJournal("unreliable");
		const text = linesOf(journal, { ...ALL, fromMs: 300, toMs: 600 }).join("\n");
		expect(text).to.match(/S\d-xS\d: /);
		for (const [, at] of text.matchAll(/: (\d\.\d{3}) s/g)) expect(Number(at)).to.be.within(0.3, 0.6);
	});

	it("shows a request that comes a second time", async () => {
		const lines = linesOf(await sampleJournal("twice"), { ...ALL, fromMs: 1000, toMs: 3000 });
		expect(lines.join("\n")).to.match(/S\d->>S\d: \d\.\d{3} s \w+ AGAIN/);
	});

	it("takes any text for a text", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE)), (text) => {
				expect(mermaidText(text)).to.match(TEXT);
			}),
		);
		expect(mermaidText("a; b # c % <d>")).to.equal("a#59; b #35; c #37; #60;d#62;");
		expect(mermaidText("")).to.equal("#32;");
		const journal = madeUp(HOSTILE.map((text) => ({ atMs: 1, kind: "tester", text })));
		expectGrammar(linesOf(journal));
	});
});
