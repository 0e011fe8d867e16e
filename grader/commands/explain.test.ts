import { expect } from "chai";
import { invariantEntries } from "../../labs/catalog/invariants.ts";
import { catalog, entryOf, parts } from "../../labs/catalog.ts";
import { ExitCode } from "../exit-code.ts";
import { LAB_TESTS, type PolicyTest } from "../policy/policy.ts";
import { heard } from "../testing/heard.ts";
import { UsageError } from "../usage-error.ts";
import { type ExplainOptions, explainTest } from "./explain.ts";

async function explained(test: string | undefined, rest: Partial<ExplainOptions> = {}): Promise<string> {
	const output = heard();
	expect(await explainTest({ test, ...rest }, output)).to.equal(ExitCode.passed);
	return output.text();
}

async function refusal(test: string): Promise<string> {
	try {
		await explained(test);
	} catch (error) {
		expect(error).to.be.instanceOf(UsageError);
		return (error as UsageError).message;
	}
	throw new Error("it was not refused");
}

/** Text as if it had never been broken into lines. */
const flat = (text: string) => text.replaceAll(/\s+/g, " ");

describe("raft-grade explain", () => {
	it("tells all that the catalogue knows of a test, and how to run it", async () => {
		const text = flat(await explained("Backup"));
		const { story, paper, causes, title, points } = entryOf("Backup") as NonNullable<ReturnType<typeof entryOf>>;
		expect(text).to.include(`Backup (2B, ${points} points, 5 servers) ${title}`);
		for (const part of [story, paper, ...causes.map((cause) => `- ${cause}`)]) expect(text).to.include(part);
		expect(text).to.include("npx raft-grade Backup --race-repeat 50");
	});

	it("fits 80 columns, whatever it is asked", async () => {
		const names = [undefined, "2B", ...catalog.map(({ id }) => id), ...Object.keys(invariantEntries)];
		for (const name of names) {
			for (const line of (await explained(name)).split("\n")) expect(line.length, line).to.be.at.most(80);
		}
	});

	it("understands names as the other commands do, and a run's", async () => {
		expect(await explained("testfigure82c")).to.equal(await explained("Figure8"));
		const run = await explained("figure8@1F3A");
		expect(run).to.include("npx raft-grade Figure8@1f3a\n");
	});

	it("explains a safety rule by the name that a failure gives it", async () => {
		const text = flat(await explained("Election-Safety"));
		expect(text).to.include("election-safety (a safety rule").and.include("At most one leader in a term");
		for (const cause of invariantEntries["election-safety"]?.causes ?? []) expect(text).to.include(cause);
	});

	it("tells every safety rule, by its name and in the list", async () => {
		for (const [name, { rule }] of Object.entries(invariantEntries)) {
			expect((await explained(name)).replaceAll(/\s+/g, " ")).to.include(`the rule ${rule}`);
			expect((await explained(undefined)).replaceAll(/\s+/g, " ")).to.include(`${name} ${rule}`);
		}
	});

	it("lists what there is: all, or a part", async () => {
		const all = await explained(undefined);
		for (const name of [...catalog.map(({ id }) => id), ...Object.keys(invariantEntries)]) {
			expect(all).to.match(new RegExp(`^  ${name} `, "m"));
		}
		const part = await explained("2a");
		expect(part).to.include("ManyElections").and.not.include("BasicAgree");
	});

	it("explains a course's own tests too, of which less may be known, with its points", async () => {
		const own: PolicyTest = {
			test: "OwnTest",
			part: "extra",
			title: "of our own",
			points: 1,
			visibility: "visible",
			repeats: undefined,
			entry: { servers: undefined, story: "", paper: "", causes: [] },
		};
		const policy = { known: [...LAB_TESTS, own], parts: [...parts, { part: "extra", title: "more" }] };
		const text = await explained("owntest", { policy });
		expect(text).to.match(/^OwnTest \(extra, 1 point\)\n {2}of our own\n\n {2}run it +npx raft-grade OwnTest\n/);
		expect(await explained(undefined, { policy })).to.match(/^extra: more\n {2}OwnTest +of our own$/m);
	});

	it("refuses other names, with those that are alike", async () => {
		expect(await refusal("figre8")).to.equal('there is no part or test "figre8": did you mean Figure8?');
		expect(await refusal("Figure8@xyz")).to.include('"xyz" is not a seed');
		expect(await refusal("constructor")).to.include('no part or test "constructor"');
	});
});
