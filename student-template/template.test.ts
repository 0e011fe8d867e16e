import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { folderWith, ROOT, raftGrade, removeFolders, run } from "../grader/testing/command.ts";
import { catalog, parts } from "../labs/catalog.ts";

const TEMPLATE = fileURLToPath(new URL("./", import.meta.url));

describe("the student template", () => {
	after(removeFolders);

	it("type-checks under its own settings", async () => {
		// What a student has in node_modules is here in the repository.
		const folder = await folderWith({
			"tsconfig.json": JSON.stringify({
				extends: path.join(TEMPLATE, "tsconfig.json"),
				compilerOptions: {
					paths: { "raft-grade": [path.join(ROOT, "harness/submission.ts")] },
					typeRoots: [path.join(ROOT, "node_modules/@types")],
				},
				include: [path.join(TEMPLATE, "src")],
			}),
		});
		const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
		const { code, stdout } = await run(process.execPath, [tsc, "--noEmit", "-p", folder], ROOT);
		expect(stdout).to.equal("");
		expect(code).to.equal(0);
	});

	it("fails all tests, each for want of a leader", async () => {
		const { code, stdout, stderr } = await raftGrade(["all", "--target", "template"]);
		expect(stderr).to.equal("");
		expect(code).to.equal(1);
		expect(stdout).to.include(`0 of ${catalog.length} passed`);
		const screens = stdout.split(/^FAIL (?=.*\d points?\))/m).slice(1);
		expect(screens.map((screen) => screen.split(" ")[0])).to.deep.equal(catalog.map(({ id }) => id));
		for (const screen of screens) {
			const [, sentence] = /virtual time\n(.*?)\n {2}\S* {2,}/s.exec(screen) ?? [];
			expect(sentence?.replaceAll(/\s+/g, " "), screen).to.match(
				/expected one leader, got none: S0 term 0|failed to reach agreement: no server took the command as leader: S0 term 0/,
			);
		}
	});

	it("has a command for each part, and names its submission", () => {
		const { scripts, raftGrade } = JSON.parse(readFileSync(path.join(TEMPLATE, "package.json"), "utf8"));
		for (const { part } of parts) expect(scripts[part]).to.equal(`raft-grade ${part}`);
		expect(existsSync(path.join(TEMPLATE, raftGrade.target))).to.equal(true);
	});
});
