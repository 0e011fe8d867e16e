import path from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { validateXML } from "xmllint-wasm";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "../report/testing/hostile-texts.ts";
import type { ComparedSource, SimilarityReport } from "./compare.ts";
import { similarCsv } from "./csv.ts";
import { groupsOf } from "./groups.ts";
import { pageOf, similarPages } from "./pages.ts";
import { similarTable } from "./table.ts";

/** A submission of twenty tokens, one on each line but the first. */
function source(name: string, code = "x;\n".repeat(21)): ComparedSource {
	const tokens = Array.from({ length: 20 }, () => "name");
	const file = { file: `${name}.ts`, text: code, tokens, lines: tokens.map((_, i) => i + 2) };
	const prints = new Map([[7, [{ file: 0, start: 2 }]]]);
	return { name, files: [file], isTemplate: [tokens.map(() => false)], ownTokens: 20, prints };
}

function report(pairs: readonly (readonly [string, string, number])[], code?: string): SimilarityReport {
	const sources = new Map(pairs.flatMap(([a, b]) => [[a, source(a, code)] as const, [b, source(b, code)] as const]));
	const of = (name: string) => sources.get(name) as ComparedSource;
	return {
		compared: sources.size,
		pairs: pairs.map(([a, b, share]) => ({ a: of(a), b: of(b), share })),
		median: 0.02,
		limit: 0.25,
		next: { a: "x", b: "y", share: 0.1 },
		notes: [],
	};
}

const two = report([
	["alice", "bob", 0.914],
	["bob", "carol", 0.5],
]);

describe("pairs that are alike", () => {
	it("are told on a terminal, with what they were judged by", () => {
		const text = similarTable({ ...two, notes: [{ name: "dan", note: "raft.ts does not compile" }] }).join("\n");
		expect(text).to.match(/^3 submissions compared, 2 pairs alike beyond chance$/m);
		expect(text).to.match(/^ {2}91% {2}alice {31}bob$/m);
		expect(text).to.include("3 belong together: alice, bob, carol");
		expect(text).to.include("dan: raft.ts does not compile");
		expect(text.replaceAll("\n", " ")).to.include("median of all pairs is 2%").and.include("from 25% on");
		expect(text.replaceAll("\n", " ")).to.include("x and y are the most alike: 10%");
	});

	it("fit a terminal, however many they are", () => {
		const many = Array.from({ length: 60 }, (_, i) => [`a${"long".repeat(20)}${i}`, `b${i}`, 0.9] as const);
		const notes = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, note: "nothing ".repeat(30) }));
		const lines = similarTable({ ...report(many), notes });
		expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
		expect(lines.join("\n")).to.include("and 35 more").and.include("and 20 more");
	});

	it("are all in the CSV, harmless for a spreadsheet", () => {
		const csv = similarCsv(
			report([
				["=HYPERLINK(1)", 'b,"c"', 1],
				["alice", "bob", 0.25],
			]),
		);
		expect(csv).to.equal(
			'a,b,share,group,page\r\n"\'=HYPERLINK(1)","b,""c""",1.000,1,similar/1.html\r\nalice,bob,0.250,2,similar/2.html\r\n',
		);
	});

	it("are in groups: whoever a pair leads to", () => {
		const pairs = report([
			["d", "e", 1],
			["a", "b", 1],
			["c", "f", 1],
			["b", "c", 1],
		]).pairs;
		expect(groupsOf(pairs)).to.deep.equal([
			["a", "b", "c", "f"],
			["d", "e"],
		]);
	});

	it("stand side by side, each passage with a link to its other side", () => {
		const pages = new Map(similarPages(two));
		expect([...pages.keys()]).to.deep.equal(["similar.html", "similar/1.html", "similar/2.html"]);
		const page = pages.get("similar/1.html") ?? "";
		expect(page).to.include('<a id="a1" href="#b1">1</a>').and.include('<a id="b1" href="#a1">1</a>');
		// All lines but the first two, which hold no token of it, and what is behind the last.
		expect(page.match(/<tr class="h0">/g)).to.have.length(2 * 20);
		expect(pages.get("similar.html")).to.include('<a href="similar/1.html">91%</a>').and.include("1 (3)");
		expect(new Map(similarPages(report([]))).get("similar.html")).to.include("No two submissions");
	});

	it("have pages of their own only while somebody may still look at them", () => {
		const many = Array.from({ length: 250 }, (_, i) => [`a${i}`, `b${i}`, 0.9] as const);
		const pages = [...similarPages(report(many))];
		expect(pages).to.have.length(201);
		expect(pageOf(199)).to.equal("similar/200.html");
		expect(pageOf(200)).to.equal(undefined);
		expect(similarCsv(report(many)).split("\r\n")[250]).to.equal("a249,b249,0.900,250,");
	});

	it("break out of nothing, whatever students call their files and write in them", async function () {
		this.timeout(60_000);
		const xml: { fileName: string; contents: string }[] = [];
		for (const text of [...hostileTexts, ...fc.sample(anyText, 50)]) {
			const hostile = { ...report([[text, "b", 1]], `${text}\n`.repeat(22)), notes: [{ name: text, note: text }] };
			for (const [name, page] of similarPages({ ...hostile, next: { a: text, b: text, share: 0.1 } })) {
				expect(page).to.not.match(/<script|<img|<iframe/i);
				expect(page).to.not.match(CONTROL_CHARACTER);
				xml.push({ fileName: `${xml.length}-${path.basename(name)}`, contents: page.replace("<!DOCTYPE html>", "") });
			}
			for (const line of similarTable(hostile)) expect(line).to.not.match(CONTROL_CHARACTER);
		}
		// Well-formed: each tag that begins ends, and nothing of a text is one. All at once: starting the checker is what takes its time.
		const { valid, errors } = await validateXML({ xml, normalization: "format" });
		expect(valid, JSON.stringify(errors.slice(0, 5))).to.equal(true);
	});
});
