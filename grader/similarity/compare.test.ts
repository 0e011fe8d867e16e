import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import type { SourceEdit } from "../../harness/index.ts";
import { mutants } from "../../reference/mutants/index.ts";
import { ROOT } from "../testing/command.ts";
import { findSimilar, type SimilarityReport, type SourceText } from "./compare.ts";
import { matchedRegions, type Region } from "./regions.ts";
import { templateSource } from "./template.ts";

/** A submission of files of the repository. */
async function fromRepository(name: string, ...files: string[]): Promise<SourceText> {
	const texts = await Promise.all(files.map((file) => readFile(path.join(ROOT, file), "utf8")));
	return { name, files: files.map((file, i) => ({ name: file, text: texts[i] ?? "" })) };
}

async function sourcesIn(folder: string): Promise<string[]> {
	const names = await readdir(path.join(ROOT, folder));
	return names.filter((name) => name.endsWith(".ts") && !name.includes("test")).map((name) => `${folder}/${name}`);
}

function changed(name: string, { files }: SourceText, change: (text: string) => string): SourceText {
	return { name, files: files.map((file) => ({ name: file.name, text: change(file.text) })) };
}

function one(name: string, text: string): SourceText {
	return { name, files: [{ name: "src/raft.ts", text }] };
}

describe("findSimilar", function () {
	this.timeout(60_000);
	let template: SourceText;
	let reference: SourceText;
	/** Right solutions that were written independently of each other. */
	let independent: SourceText[];
	let ticker: SourceText;

	before(async () => {
		template = templateSource();
		reference = await fromRepository("reference", ...(await sourcesIn("reference")));
		ticker = await fromRepository("ticker", "reference/variants/ticker.ts");
		independent = [
			reference,
			await fromRepository("callbacks", "reference/styles/callbacks.ts"),
			await fromRepository("loops", "reference/styles/loops.ts"),
			await fromRepository("roles", ...(await sourcesIn("reference/styles/roles"))),
			ticker,
		];
	});

	/** Where the first pair matches. */
	const regionsOf = ({ pairs: [pair] }: SimilarityReport): Region[] => (pair === undefined ? [] : matchedRegions(pair));
	const pairsOf = ({ pairs }: SimilarityReport) => pairs.map(({ a, b }) => `${a.name} ${b.name}`);
	/** What comes of one more submission among those that are independent. */
	const with_ = (...more: SourceText[]) => findSimilar([...independent, ...more], template);

	it("finds none among solutions that were written independently, and says how far they are from it", async () => {
		const { pairs, compared, next, limit, notes } = await findSimilar(independent, template);
		expect(pairs).to.deep.equal([]);
		expect(compared).to.equal(5);
		expect(notes).to.deep.equal([]);
		expect(limit).to.equal(0.25);
		expect(next?.share).to.be.within(0.01, 0.09);
	});

	it("finds a copy, whole and in a class of two", async () => {
		const report = await findSimilar([ticker, { ...ticker, name: "copy" }], template);
		expect(pairsOf(report)).to.deep.equal(["ticker copy"]);
		const [pair] = report.pairs;
		expect(pair?.share).to.equal(1);
		const regions = regionsOf(report);
		expect(regions.filter(({ a, b }) => a.fromLine !== b.fromLine)).to.deep.equal([]);
		const matched = regions.reduce((sum, { tokens }) => sum + tokens, 0);
		expect(matched / (pair?.a.ownTokens ?? 0)).to.be.within(0.98, 1);
	});

	it("finds a copy with other names, figures, texts and comments", async () => {
		const names = new Map<string, string>();
		const renamed = changed("renamed", ticker, (text) =>
			text
				.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
				.replaceAll(/\b(?!import\b|from\b)[a-z]\w*[A-Z]\w*\b/g, (name) => {
					if (!names.has(name)) names.set(name, `thing${names.size}`);
					return names.get(name) ?? "";
				})
				.replaceAll(/\b\d{2,}\b/g, "77")
				.replaceAll(/^(\s*)(if|return|const)/gm, "\n// Now comes the next step.\n$1$2"),
		);
		const report = await with_(renamed);
		expect(pairsOf(report)).to.deep.equal(["ticker renamed"]);
		expect(report.pairs[0]?.share).to.be.above(0.9);
	});

	it("finds a copy whose functions stand in another order, or in other files", async () => {
		// From one method to the next.
		const [file] = ticker.files;
		const parts = (file?.text ?? "").split(/\n(?=\t(?:async )?\w+\([^\n]*\{\n)/);
		expect(parts).to.have.length.above(6);
		const [head = "", ...methods] = parts;
		const last = methods.pop() ?? "";
		const reordered = one("reordered", [head, ...methods.reverse(), last].join("\n"));
		const report = await with_(reordered);
		expect(pairsOf(report)).to.deep.equal(["ticker reordered"]);
		expect(regionsOf(report)).to.have.length.above(5);
		const roles = independent[3] as SourceText;
		const joined = one(
			"joined",
			[...roles.files]
				.reverse()
				.map(({ text }) => text.replaceAll(/^import[^;]*;/gm, ""))
				.join("\n"),
		);
		expect(pairsOf(await with_(joined))).to.deep.equal(["roles joined"]);
	});

	it("finds a copy without types, or with more of them, laid out otherwise", async () => {
		const { transform } = await import("esbuild");
		const text = ticker.files[0]?.text ?? "";
		const { code } = await transform(text, { loader: "ts", tsconfigRaw: {} });
		const untyped = one("untyped", code.replaceAll(/;$/gm, "").replaceAll('"', "'"));
		const typed = one(
			"typed",
			text.replaceAll(/^(\t+)const (\w+) =/gm, "$1const $2: unknown =").replaceAll("\t", "  "),
		);
		const report = await with_(untyped, typed);
		expect(pairsOf(report).sort()).to.deep.equal(["ticker typed", "ticker untyped", "untyped typed"]);
		expect(Math.min(...report.pairs.map(({ share }) => share))).to.be.above(0.9);
	});

	it("finds a third of a solution in another that goes its own ways", async () => {
		const [, callbacks, loops, roles] = independent as [SourceText, SourceText, SourceText, SourceText];
		const taken = roles.files.filter(({ name }) => /leader|log/.test(name));
		const borrowed: SourceText = { name: "borrowed", files: [...callbacks.files, ...taken] };
		const report = await findSimilar([reference, loops, roles, ticker, borrowed], template);
		expect(pairsOf(report)).to.deep.equal(["roles borrowed"]);
		expect(report.pairs[0]?.share).to.be.within(0.3, 0.6);
	});

	it("finds the reference in each of its mutants, even if they are most of the class", async () => {
		const some = mutants.filter((_, i) => i % 12 === 0).slice(0, 10);
		const edited = some.map(({ id, edits }) => ({
			name: id,
			files: reference.files.map(({ name, text }) => ({ name, text: edit(text, name, edits) })),
		}));
		const report = await with_(...edited);
		const found = new Set(pairsOf(report));
		for (const { id } of some) expect(found).to.include(`reference ${id}`);
		// And nothing but the mutants and the reference, each with each.
		expect(found.size).to.equal(((some.length + 1) * some.length) / 2);
		expect(Math.min(...report.pairs.map(({ share }) => share))).to.be.above(0.8);
	});

	it("reports nothing of the template, untouched or hardly begun", async () => {
		const text = template.files[0]?.text ?? "";
		const begun = one(
			"begun",
			text.replace("currentTerm = 0;", "currentTerm = 0;\n\tvotedFor = -1;\n\tlog: Entry[] = [];"),
		);
		const report = await with_({ ...template, name: "untouched" }, begun, { ...begun, name: "begun too" });
		expect(report.pairs).to.deep.equal([]);
		expect(report.notes.map(({ name }) => name)).to.deep.equal(["untouched", "begun", "begun too"]);
		expect(report.notes[0]?.note).to.include("too little");
	});

	it("does not take the template in two solutions for likeness", async () => {
		const text = template.files[0]?.text ?? "";
		const inTemplate = (source: SourceText) =>
			one(
				`${source.name} in template`,
				`${text}\n${source.files.map((file) => file.text.replaceAll(/^import[^;]*;/gm, "").replaceAll(/export const make\b/g, "const make2")).join("\n")}`,
			);
		const report = await findSimilar([inTemplate(ticker), inTemplate(independent[1] as SourceText)], template);
		expect(report.notes).to.deep.equal([]);
		expect(report.pairs).to.deep.equal([]);
		expect(report.next?.share ?? 0).to.be.below(0.1);
	});

	it("does not count for much what half of the class has", async () => {
		const lecture = independent[1]?.files[0]?.text ?? "";
		const using = [reference, independent[2], independent[3], ticker].map((source) => ({
			name: `${source?.name} and lecture`,
			files: [...(source?.files ?? []), { name: "lecture.ts", text: lecture }],
		}));
		const others = [reference, independent[2], independent[3], ticker].map((source) => source as SourceText);
		const { pairs } = await findSimilar([...using, ...others], template);
		// Each with itself; not those with each other that only share the lecture's code.
		expect(pairs.slice(0, 4).map(({ share }) => share > 0.9)).to.deep.equal([true, true, true, true]);
		for (const { a, b } of pairs.slice(0, 4)) expect(a.name).to.equal(`${b.name} and lecture`);
	});

	it("says what it could not compare, and compares the rest", async () => {
		const [file] = ticker.files;
		const report = await findSimilar(
			[
				{ name: "broken", files: [{ name: "raft.ts", text: "export const = (" }] },
				{ name: "huge", files: [{ name: "data.ts", text: `export default [${"1,".repeat(300_000)}];` }] },
				{ name: "deep", files: [{ name: "deep.ts", text: `f(${"[".repeat(20_000)}${"]".repeat(20_000)})` }] },
				{ name: "long", files: [{ name: "long.ts", text: `export default [${"[1],".repeat(60_000)}];` }] },
				{ name: "none", files: [] },
				{ name: "many", files: Array.from({ length: 9 }, (_, i) => ({ name: `${i}.ts`, text: "f(1);".repeat(2000) })) },
				{
					name: "half",
					files: [
						{ name: "a.ts", text: "((" },
						{ name: "b.ts", text: file?.text ?? "" },
					],
				},
				ticker,
			],
			template,
		);
		expect(pairsOf(report)).to.deep.equal(["half ticker"]);
		const notes = report.notes.map(({ name, note }) => `${name}: ${note}`);
		expect(notes).to.include("broken: raft.ts does not compile");
		expect(notes).to.include("half: a.ts does not compile");
		expect(notes).to.include("many: too large: 5 of 9 files are left out");
		expect(notes.join("\n"))
			.to.match(/huge: data\.ts is too large/)
			.and.match(/deep: deep\.ts /)
			.and.match(/long: long\.ts/);
	});

	it("tells nothing of nobody, and nothing of one", async () => {
		expect(await findSimilar([], template)).to.deep.include({ compared: 0, pairs: [], next: undefined });
		expect(await findSimilar([ticker], template)).to.deep.include({ compared: 1, pairs: [], next: undefined });
	});

	it("shows where two match: on lines that say the same", async () => {
		const moved = changed("moved", ticker, (text) => `\n\n\n${text.replaceAll("  ", " ")}`);
		const regions = regionsOf(await findSimilar([ticker, moved], template));
		for (const { a, b } of regions) expect([b.fromLine, b.toLine]).to.deep.equal([a.fromLine + 3, a.toLine + 3]);
		expect(regions).to.have.length.above(0);
	});
});

function edit(text: string, name: string, edits: readonly SourceEdit[]): string {
	return edits
		.filter(({ file }) => `reference/${file}` === name)
		.reduce((before, { find, replace }) => before.replace(find, () => replace), text);
}
