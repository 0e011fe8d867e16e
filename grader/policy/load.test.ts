import path from "node:path";
import { expect } from "chai";
import { catalog, extraCatalog } from "../../labs/catalog.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import { UsageError } from "../usage-error.ts";
import { loadPolicy } from "./load.ts";
import { DEFAULT_POLICY, type Policy, testOf } from "./policy.ts";

const SUITE = 'describe("own", () => {});';

/** A policy made of a JSON config, and of other files beside it. */
async function policyOf(config: unknown, files: Record<string, string> = {}): Promise<Policy> {
	const folder = await folderWith({ ...files, "raft-grade.config.json": JSON.stringify(config) });
	return loadPolicy(undefined, folder);
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

describe("loadPolicy", () => {
	after(removeFolders);

	describe("without a config", () => {
		it("grades the 28 tests with the catalogue's points", async () => {
			const policy = await loadPolicy(undefined, await folderWith({ "README.md": "" }));
			expect(policy).to.equal(DEFAULT_POLICY);
			expect(policy.tests.map(({ test, points }) => [test, points])).to.deep.equal(
				catalog.map(({ id, points }) => [id, points]),
			);
			expect(policy.tests.every(({ visibility }) => visibility === "visible")).to.equal(true);
		});

		it("takes none with --no-config, whatever lies there", async () => {
			const folder = await folderWith({ "raft-grade.config.json": '{"points":{"Backup":99}}' });
			expect(await loadPolicy(false, folder)).to.equal(DEFAULT_POLICY);
			expect(testOf(await loadPolicy(undefined, folder), "Backup")?.points).to.equal(99);
		});
	});

	describe("finds the file", () => {
		for (const ending of ["ts", "mts", "js", "mjs"]) {
			it(`raft-grade.config.${ending}`, async () => {
				const folder = await folderWith({ [`raft-grade.config.${ending}`]: 'export default { scoring: "fraction" };' });
				const policy = await loadPolicy(undefined, folder);
				expect(policy.scoring).to.equal("fraction");
				expect(policy.file).to.equal(path.join(folder, `raft-grade.config.${ending}`));
			});
		}

		it("of any name, when it is named, from where the command runs", async () => {
			const folder = await folderWith({
				"course/2026.json": '{"seed":"0x7"}',
				"course/raft-grade.config.mjs": "export default {}",
			});
			expect((await loadPolicy("course/2026.json", folder)).seed).to.equal("7");
			expect((await loadPolicy("course", folder)).file).to.equal(path.join(folder, "course/raft-grade.config.mjs"));
		});

		it("and refuses two, a missing one, an empty folder, and what is none", async () => {
			const folder = await folderWith({
				"raft-grade.config.ts": "export default {}",
				"raft-grade.config.json": "{}",
				"points.yaml": "",
				"empty/README.md": "",
			});
			expect(await refusal(loadPolicy(undefined, folder))).to.equal(
				"there are raft-grade.config.ts and raft-grade.config.json: remove one, or name the one that counts with --config",
			);
			expect(await refusal(loadPolicy("no.ts", folder))).to.equal("there is no config file no.ts");
			expect(await refusal(loadPolicy("points.yaml", folder))).to.equal(
				"points.yaml is no config file: its name must end in .ts, .mts, .js, .mjs or .json",
			);
			expect(await refusal(loadPolicy("empty", folder))).to.match(/^empty is a folder without/);
		});
	});

	describe("reads", () => {
		it("points, hidden tests, and repeats: the closest figure counts", async () => {
			const policy = await policyOf({
				points: { Backup: 7.5, Count: 0 },
				hidden: ["2D", "Figure8"],
				repeats: { all: 2, "2C": 10, Figure8: 100 },
			});
			const at = (name: string) => testOf(policy, name);
			expect(at("Backup")?.points).to.equal(7.5);
			expect(at("Count")?.points).to.equal(0);
			expect(at("Rejoin")?.points).to.equal(catalog.find(({ id }) => id === "Rejoin")?.points);
			const hidden = policy.tests.filter(({ visibility }) => visibility === "hidden");
			expect(hidden.map(({ test }) => test)).to.deep.equal(
				catalog.filter(({ id, part }) => part === "2D" || id === "Figure8").map(({ id }) => id),
			);
			expect([at("Backup"), at("Persist1"), at("Figure8")].map((test) => test?.repeats)).to.deep.equal([2, 10, 100]);
			expect((await policyOf({ repeats: 3 })).tests.map(({ repeats }) => repeats)).to.deep.equal(Array(28).fill(3));
			expect((await policyOf({ repeats: { "2A": 3 } })).tests.at(-1)?.repeats).to.equal(undefined);
		});

		it("which tests are graded, in the labs' order; the others are still known", async () => {
			const policy = await policyOf({ tests: ["Backup", "2A"] });
			expect(policy.tests.map(({ test }) => test)).to.deep.equal([
				"InitialElection",
				"ReElection",
				"ManyElections",
				"Backup",
			]);
			expect(policy.known).to.have.lengthOf(catalog.length + extraCatalog.length);
		});

		it("own suites, whose tests come after the labs'", async () => {
			const folder = await folderWith({
				"course/raft-grade.config.json": JSON.stringify({
					suites: [
						{
							file: "tests/own.ts",
							tests: {
								Lonely: { points: 3, title: "alone", hidden: true, repeats: 5, servers: 1, causes: ["a", "b"] },
							},
						},
						{ file: "more.ts", part: "2B", tests: { More: {} } },
					],
					repeats: { extra: 9, More: 4 },
				}),
				"course/tests/own.ts": SUITE,
				"course/more.ts": SUITE,
			});
			const policy = await loadPolicy("course/raft-grade.config.json", folder);
			expect(policy.suites).to.deep.equal([
				{ file: path.join(folder, "course/tests/own.ts"), part: "extra", tests: ["Lonely"] },
				{ file: path.join(folder, "course/more.ts"), part: "2B", tests: ["More"] },
			]);
			expect(policy.tests.slice(28)).to.deep.equal([
				{
					test: "Lonely",
					part: "extra",
					title: "alone",
					points: 3,
					visibility: "hidden",
					repeats: 5,
					entry: { servers: 1, story: "", paper: "", causes: ["a", "b"] },
				},
				{
					test: "More",
					part: "2B",
					title: "More",
					points: 0,
					visibility: "visible",
					repeats: 4,
					entry: { servers: undefined, story: "", paper: "", causes: [] },
				},
			]);
			expect(policy.parts.map(({ part }) => part)).to.deep.equal(["2A", "2B", "2C", "2D", "2X", "extra"]);
		});

		it("the reference, the limits and the seed", async () => {
			const folder = await folderWith({
				"raft-grade.config.json": '{"reference":"sol","limits":{"timeoutS":9},"seed":"00AB"}',
				"sol/raft.ts": "",
			});
			const { reference, limits, seed } = await loadPolicy(undefined, folder);
			expect({ reference, limits, seed }).to.deep.equal({
				reference: path.join(folder, "sol"),
				limits: { timeoutS: 9 },
				seed: "ab",
			});
		});

		it("TypeScript, with imports, whatever kind of module its package has", async () => {
			const files = {
				"raft-grade.config.ts": `
					import { defineConfig, type Config } from "raft-grade/config";
					import { backup } from "./figures.ts";
					const config: Config = { points: { Backup: backup } };
					export default defineConfig(config);`,
				"figures.ts": "export const backup: number = 12;",
				"node_modules/raft-grade/package.json":
					'{"name":"raft-grade","type":"module","exports":{"./config":"./config.js"}}',
				"node_modules/raft-grade/config.js": "export const defineConfig = (config) => config;",
			};
			for (const type of ["module", "commonjs"]) {
				const folder = await folderWith({ ...files, "package.json": JSON.stringify({ type }) });
				expect(testOf(await loadPolicy(undefined, folder), "Backup")?.points, type).to.equal(12);
			}
		});
	});

	describe("refuses", () => {
		const of = (config: unknown, files: Record<string, string> = {}) => refusal(policyOf(config, files));
		const at = (text: string) => `raft-grade.config.json: ${text}`;

		it("unknown keys, with what may have been meant", async () => {
			expect(await of({ pionts: {} })).to.equal(at('there is no key "pionts" here: did you mean points?'));
			expect(await of({ x: 1 })).to.match(/there is no key "x" here: there are scoring, repeats, points, /);
			expect(await of({ limits: { timeout: 1 } })).to.equal(
				at('limits: there is no key "timeout" here: did you mean stepTimeoutS or timeoutS?'),
			);
			expect(await of({ suites: [{ file: "a.ts", tests: { A: { point: 1 } } }] })).to.equal(
				at('suites[0].tests.A: there is no key "point" here: did you mean points?'),
			);
		});

		it("values of another kind", async () => {
			expect(await of([])).to.equal(at("it must be an object, not a list"));
			expect(await of({ points: { Figure8: "5" } })).to.equal(at("points.Figure8 must be a number, not a string"));
			expect(await of({ points: { Figure8: -1 } })).to.equal(at("points.Figure8 must be at least 0, not -1"));
			expect(await of({ points: { Figure8: 1.005 } })).to.equal(
				at("points.Figure8 must not have more than two decimals"),
			);
			expect(await of({ scoring: "fractions" })).to.equal(
				at('scoring must be "all-or-nothing" or "fraction", not "fractions"'),
			);
			expect(await of({ repeats: "9" })).to.equal(at("repeats must be a number or an object, not a string"));
			expect(await of({ repeats: 1.5 })).to.equal(at("repeats must be a whole number or an object, not 1.5"));
			expect(await of({ repeats: 0 })).to.equal(at("repeats must be at least 1, not 0"));
			expect(await of({ repeats: { Figure8: 0 } })).to.equal(at("repeats.Figure8 must be at least 1, not 0"));
			expect(await of({ repeats: { Figure8: null } })).to.equal(at("repeats.Figure8 must be a number, not null"));
			expect(await of({ hidden: "2A" })).to.equal(at("hidden must be a list, not a string"));
			expect(await of({ tests: [] })).to.equal(at("tests must not be empty"));
			expect(await of({ suites: [{ file: "a.ts" }] })).to.equal(at("suites[0].tests is missing: it must be an object"));
			expect(await of({ limits: { memoryMb: 1 } })).to.equal(at("limits.memoryMb must be at least 64, not 1"));
			expect(await of({ limits: { timeoutS: 0 } })).to.equal(at("limits.timeoutS must be more than 0, not 0"));
			expect(await of({ seed: "xyz" })).to.equal(at('seed: "xyz" is not a seed: give 1 to 16 hexadecimal digits'));
		});

		it("names that nothing has, with what may have been meant", async () => {
			expect(await of({ points: { Figure9: 5 } })).to.equal(
				at('points.Figure9: there is no test "Figure9": did you mean Figure8?'),
			);
			expect(await of({ hidden: ["2E", "2A"] })).to.equal(
				at('hidden[0]: there is no part or test "2E"; raft-grade --list names them'),
			);
			expect(await of({ tests: ["backup"] })).to.equal(
				at('tests[0]: there is no part or test "backup": did you mean Backup?'),
			);
			expect(await of({ repeats: { Churn: 5 } })).to.equal(
				at('repeats.Churn: there is no part or test "Churn": did you mean ReliableChurn or UnreliableChurn?'),
			);
			expect(await of({ points: { "2A": 20 } })).to.equal(
				at('points["2A"]: points are given test by test, not for "2A"'),
			);
		});

		it("files that do not exist, or are no modules", async () => {
			expect(await of({ suites: [{ file: "own.ts", tests: { A: {} } }] })).to.equal(
				at("suites[0].file: there is no file own.ts; paths are relative to the config file"),
			);
			expect(await of({ suites: [{ file: "own.md", tests: { A: {} } }] }, { "own.md": "" })).to.equal(
				at("suites[0].file: own.md is no module: name a .ts, .mts, .js or .mjs file"),
			);
			expect(await of({ reference: "sol.ts" })).to.equal(
				at("reference: there is no file or folder sol.ts; paths are relative to the config file"),
			);
			expect(await of({ reference: "sol.md" }, { "sol.md": "" })).to.match(/reference: sol\.md is no module/);
		});

		it("names of own tests and parts that the command line could not tell apart", async () => {
			const named = (tests: Record<string, object>, part?: string) =>
				of({ suites: [{ file: "own.ts", tests, ...(part === undefined ? {} : { part }) }] }, { "own.ts": SUITE });
			expect(await named({ backup: {} })).to.equal(
				at("suites[0].tests.backup: the labs have a test Backup already; give this one another name"),
			);
			expect(await named({ Own: {}, own: {} })).to.equal(
				at("suites[0].tests.own: there is a test Own in suites[0] already; give this one another name"),
			);
			expect(await named({ Extra: {} })).to.match(/extra is the part of a suite already/);
			expect(await named({ "a b": {} })).to.match(/suites\[0\]\.tests\["a b"\]: a test's name begins with a letter/);
			expect(await named({})).to.equal(at("suites[0].tests must name at least one test"));
			expect(await named({ Own: {} }, "all")).to.equal(at('suites[0].part cannot be "all": "all" means all tests'));
			expect(await named({ Own: {} }, "2a")).to.equal(at('suites[0].part cannot be "2a": 2A is a part of the labs'));
			expect(await named({ Own: {} }, "a@b")).to.equal(at('suites[0].part is "a@b": use letters, digits, - and _'));
		});

		it("one thing said twice", async () => {
			const config = { suites: [{ file: "own.ts", tests: { Own: { points: 1, repeats: 2 } } }] };
			const files = { "own.ts": SUITE };
			expect(await of({ ...config, points: { Own: 2 } }, files)).to.equal(
				at("points.Own says the same as suites[0].tests.Own.points: leave one of them out"),
			);
			expect(await of({ ...config, repeats: { Own: 2 } }, files)).to.match(/repeats\.Own says the same as/);
			expect((await policyOf({ ...config, repeats: { all: 7 } }, files)).tests.at(-1)?.repeats).to.equal(2);
		});

		it("several problems at once, a line each, and not more than a screen", async () => {
			expect((await of({ points: { A1: 1, B2: 2 }, seed: "?" })).split("\n")).to.have.lengthOf(3);
			const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`Nothing${i}`, 1]));
			const lines = (await of({ points: many })).split("\n");
			expect(lines).to.have.lengthOf(11);
			expect(lines.at(-1)).to.equal(at("and 20 more problems"));
		});

		it("a file that is not valid", async () => {
			const json = await folderWith({ "raft-grade.config.json": '{"points": }' });
			expect(await refusal(loadPolicy(undefined, json))).to.match(/^raft-grade\.config\.json is not valid JSON: /);
			const module = await folderWith({ "raft-grade.config.ts": "\nexport default { points: ; };" });
			expect(await refusal(loadPolicy(undefined, module))).to.equal('raft-grade.config.ts:2:26: Unexpected ";"');
		});

		it("a module that throws, with the place", async () => {
			const folder = await folderWith({
				"package.json": '{"type":"module"}',
				"raft-grade.config.ts": 'import { roster } from "./roster.ts";\n\nexport default { tests: roster() };\n',
				"roster.ts":
					'interface A { b: string }\n\nexport function roster(): string[] {\n\tthrow new Error("no\\nroster");\n}\n',
			});
			expect(await refusal(loadPolicy(undefined, folder))).to.equal("roster.ts:4:8 throws Error: no roster");
			const plain = await folderWith({ "course/c.mjs": "\nthrow null;" });
			expect(await refusal(loadPolicy("course/c.mjs", plain))).to.equal("course/c.mjs throws null");
		});

		it("a module that imports what is not there, or exports nothing by default", async () => {
			const folder = await folderWith({
				"a.mjs": 'import "nothing-of-that-name"; export default {};',
				"b.mjs": "export const config = {};",
			});
			expect(await refusal(loadPolicy("a.mjs", folder))).to.equal(
				"a.mjs imports nothing-of-that-name, which cannot be found",
			);
			expect(await refusal(loadPolicy("b.mjs", folder))).to.equal(
				"b.mjs has no default export: write export default defineConfig({ … })",
			);
		});
	});
});
