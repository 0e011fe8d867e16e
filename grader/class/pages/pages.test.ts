import { expect } from "chai";
import type { Outcome } from "../outcome.ts";
import { NASTY, outcomeWith, reportWith, testWith } from "../testing/reports.ts";
import { type ClassFacts, classPage } from "./class.ts";
import { feedbackMarkdown, feedbackPage } from "./feedback.ts";

const SECRET = "VerySecretTest";
const HIDDEN = testWith({
	test: SECRET,
	title: "a secret title",
	visibility: "hidden",
	advice: ["secret advice"],
	failures: [
		{
			check: "secret-check",
			message: "secret message",
			atMs: 1,
			expected: "secret",
			actual: "secret",
			places: [],
			contained: false,
			runs: [`${SECRET}@1`],
			replay: `npx raft-grade ${SECRET}@1`,
			paper: "secret paper",
			causes: ["secret cause"],
			lastEvents: ["secret event"],
		},
	],
});
const REPORT = reportWith({ tests: [testWith({}), testWith({ test: "ReElection", status: "passed" }), HIDDEN] });
const FACTS = { name: `Jane ${NASTY}`, remarks: [`graded: src/raft.ts ${NASTY}`] };

/** Everything that could do something in a page. */
function expectHarmless(page: string): void {
	expect(page).to.not.match(/<(?:script|img|iframe|object|link|svg|base|form)\b/i);
	expect(page).to.not.match(/<[^>]*\son\w+=/i);
	expect(page).to.not.match(/(?:src|href)="(?!#|feedback\/)/);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for
	expect(page).to.not.match(/[\u0000-\u0008\u000b-\u001f]/);
	for (const tag of ["table", "pre", "div", "p", "dl", "h1", "h2", "tr", "td"]) {
		const count = (pattern: string) => page.split(new RegExp(pattern)).length - 1;
		expect(count(`<${tag}(?:\\s[^>]*)?>`), tag).to.equal(count(`</${tag}>`));
	}
}

describe("feedback for a student", () => {
	for (const [kind, make] of Object.entries({ page: feedbackPage, Markdown: feedbackMarkdown })) {
		it(`says what failed, what it means and how to see it again (${kind})`, () => {
			const text = make(REPORT, { name: "Jane", remarks: ["graded: src/raft.ts"] });
			for (const told of [
				"Jane",
				"5 of 15 points",
				"InitialElection",
				"no leader",
				"§5.2",
				"It has no timer.",
				"src/raft.ts",
			]) {
				expect(text).to.include(told);
			}
			expect(text).to.match(/npx raft-grade InitialElection@1f/);
		});

		it(`says nothing of hidden tests but what they brought (${kind})`, () => {
			const text = make(REPORT, FACTS);
			expect(text).to.not.match(/secret/i);
			expect(text).to.include("hidden tests: 0 of 1 passed (0 of 5 points)");
		});

		it(`says why there are no points (${kind})`, () => {
			const report = reportWith({
				status: "unusable",
				message: "it holds no module",
				tests: [{ ...HIDDEN, runs: [], failures: [] }],
			});
			const text = make(report, FACTS);
			expect(text)
				.to.match(/No points/)
				.and.include("it holds no module");
			expect(text).to.not.match(/secret/i);
		});
	}

	it("is harmless as a page, whatever the submission says", () => {
		expectHarmless(feedbackPage(REPORT, FACTS));
	});
});

describe("the page about a class", () => {
	const facts: ClassFacts = {
		title: `Raft ${NASTY}`,
		possible: 15,
		seed: "7",
		schedules: "20 schedules of each test",
		version: "0.1.0",
		absent: [{ name: `Absent ${NASTY}` }],
		leftOut: [NASTY],
		tests: REPORT.tests.map(({ test, part, visibility }) => ({ test, part, isHidden: visibility === "hidden" })),
	};
	const contained = testWith({ failures: [{ ...testWith({}).failures[0], contained: true } as never] });

	it("is harmless, whatever submissions and students are called and say", () => {
		const outcomes: Outcome[] = [
			outcomeWith([{ name: `Jane ${NASTY}`, id: NASTY }], REPORT, true),
			outcomeWith([{ name: "John" }], reportWith({ tests: [contained] })),
			outcomeWith([{ name: "Jack" }], reportWith({ status: "unusable", message: NASTY, tests: [] })),
			{ ...outcomeWith([{ name: "Jim" }], undefined), fault: NASTY, notes: [NASTY] },
		];
		expectHarmless(classPage(outcomes, facts));
	});

	it("tells causes that many share, whatever the figures in their messages", () => {
		const failing = (message: string) =>
			reportWith({
				tests: [testWith({ failures: [{ ...(testWith({}).failures[0] as never as object), message } as never] })],
			});
		const outcomes = ["two leaders in term 3: S1 and S2", "two leaders in term 14: S0 and S4", "something else"].map(
			(message, i) => outcomeWith([{ name: `s${i}` }], failing(message)),
		);
		const text = classPage(outcomes, facts);
		const causes = text.slice(text.indexOf("What goes wrong with many"), text.indexOf("Slowest"));
		expect(causes).to.match(/<td class="n">2<\/td><td>two leaders in term 3/);
		expect(causes).to.not.include("something else");
	});

	it("counts, and says so if not everybody has been graded", () => {
		const outcomes = [outcomeWith([{ name: "a" }], REPORT), outcomeWith([{ name: "b" }], undefined)];
		const text = classPage(outcomes, facts);
		expect(text).to.include("1 of 2 are not graded");
		expect(text).to.include("not graded yet");
	});

	it("can be made of nobody", () => {
		expectHarmless(classPage([outcomeWith([{ name: "a" }], undefined)], facts));
	});
});
