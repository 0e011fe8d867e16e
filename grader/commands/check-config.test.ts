import { expect } from "chai";
import { ExitCode } from "../exit-code.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import { heard } from "../testing/heard.ts";
import { UsageError } from "../usage-error.ts";
import { checkConfig } from "./check-config.ts";

const OWN = `
	import { expect } from "chai";
	import { lab } from "raft-grade/labs";
	describe("own tests", () => {
		before(() => {});
		lab("Lonely", { servers: 1 }, async (cluster) => { expect(cluster).to.equal(1); });
		describe("deeper", () => { lab("Crowded", { servers: 9 }, async () => {}); });
	});`;

describe("check-config", () => {
	after(removeFolders);

	async function checked(files: Record<string, string>, config: unknown, file?: string) {
		const cwd = await folderWith({ ...files, "raft-grade.config.json": JSON.stringify(config) });
		const output = heard();
		const code = await checkConfig({ file, cwd }, output);
		return { code, lines: output.text().split("\n") };
	}

	async function refusal(work: Promise<unknown>): Promise<string> {
		try {
			await work;
		} catch (error) {
			expect(error).to.be.instanceOf(UsageError);
			return (error as Error).message;
		}
		throw new Error("it was not refused");
	}

	it("says what a config means, in 80 columns", async () => {
		const { code, lines } = await checked(
			{ "own.ts": OWN, "sol.ts": "" },
			{
				scoring: "fraction",
				tests: ["2A", "extra"],
				points: { ReElection: 7.25 },
				hidden: ["ManyElections"],
				repeats: { ReElection: 40 },
				suites: [{ file: "own.ts", tests: { Lonely: { points: 3 }, Crowded: {} } }],
				reference: "sol.ts",
				limits: { timeoutS: 60, memoryMb: 256 },
				seed: "ab",
			},
		);
		expect(code).to.equal(ExitCode.passed);
		const text = lines.join("\n");
		expect(lines[0]).to.equal("raft-grade.config.json is in order.");
		expect(text).to.match(/^ReElection +2A +7\.25 +40 +yes$/m);
		expect(text).to.match(/^ManyElections +2A +5 +1 +hidden$/m);
		expect(text).to.match(/^Lonely +extra +3 +1 +yes$/m);
		expect(text).to.match(/^5 tests +20\.25$/m);
		expect(text).to.match(/^scoring +fraction: /m);
		expect(text).to.match(/^suites +own\.ts: part extra, Lonely, Crowded$/m);
		expect(text).to.match(/^not graded +BasicAgree, RPCBytes, /m);
		expect(text).to.match(/^reference +sol\.ts$/m);
		expect(text).to.match(/^limits +60 s for a run, 256 MB of memory; else the usual ones$/m);
		expect(text).to.match(/^seed +ab$/m);
		expect(text).to.match(/^hidden +ManyElections: 5 of 20\.25 points$/m);
		for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(80);
	});

	it("says so where nothing is set", async () => {
		const text = (await checked({}, {})).lines.join("\n");
		expect(text).to.match(/^28 tests +100$/m);
		expect(text).to.match(/^scoring +all-or-nothing: /m);
		expect(text).to.match(/^seed +drawn at random/m);
		expect(text).not.to.match(/^(?:hidden|suites|not graded)/m);
	});

	it("refuses a suite that does not declare what the config names, or declares more", async () => {
		const of = (tests: Record<string, object>) =>
			refusal(checked({ "tests/own.ts": OWN }, { suites: [{ file: "tests/own.ts", tests }] }));
		expect(await of({ Lonley: {}, Crowded: {} })).to.equal(
			[
				"raft-grade.config.json: tests/own.ts declares Lonely, which suites[0].tests does not name: add it there, with its points",
				"raft-grade.config.json: suites[0].tests.Lonley: tests/own.ts declares no such test: did you mean Lonely?",
			].join("\n"),
		);
		expect(await of({ Lonely: {}, Crowded: {}, Zzz: {} })).to.match(
			/suites\[0\]\.tests\.Zzz: .* declares no such test: it declares Lonely, Crowded$/,
		);
	});

	it("refuses a test that two suites declare", async () => {
		const cwd = await folderWith({
			"raft-grade.config.json": JSON.stringify({
				suites: [
					{ file: "a.ts", tests: { A: {} } },
					{ file: "b.ts", tests: { B: {} } },
				],
			}),
			"a.ts": "",
			"b.ts": "",
		});
		const names = async (file: string) => (file.endsWith("a.ts") ? ["A"] : ["A", "B"]);
		expect(await refusal(checkConfig({ file: undefined, cwd }, heard(), names))).to.match(
			/b\.ts declares A, and so does a\.ts: rename one of them/,
		);
	});

	it("refuses a suite that cannot be loaded, with the reason", async () => {
		const of = (text: string) =>
			refusal(checked({ "own.ts": text }, { suites: [{ file: "own.ts", tests: { A: {} } }] }));
		expect(await of("const a = ;")).to.match(/own\.ts:1:11: Unexpected ";"$/);
		expect(await of('throw new Error("no database");')).to.match(/^cannot load .*own\.ts: no database$/);
		expect(await of('import "nothing-of-that-name";')).to.match(
			/own\.ts:1:8: Could not resolve "nothing-of-that-name"/,
		);
	});

	it("refuses a config that has problems, and a folder without one", async () => {
		expect(await refusal(checked({}, { points: { Figure9: 1 } }))).to.match(/points\.Figure9: there is no test/);
		const cwd = await folderWith({ "README.md": "" });
		expect(await refusal(checkConfig({ file: undefined, cwd }, heard()))).to.match(
			/^there is no raft-grade\.config\.ts/,
		);
	});
});
