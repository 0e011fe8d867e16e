import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { checkConfig } from "../commands/check-config.ts";
import { ExitCode } from "../exit-code.ts";
import { ROOT } from "../testing/command.ts";
import { heard } from "../testing/heard.ts";

const EXAMPLES = path.join(ROOT, "docs/examples");

describe("docs/examples", () => {
	for (const [file, points] of [
		["raft-grade.config.ts", 100],
		["raft-grade.config.json", 55],
	] as const) {
		it(`${file} is in order`, async () => {
			const output = heard();
			expect(await checkConfig({ file: path.join(EXAMPLES, file), cwd: EXAMPLES }, output)).to.equal(ExitCode.passed);
			expect(output.text()).to.match(new RegExp(`^${file} is in order\\.$`, "m"));
			expect(output.text()).to.match(new RegExp(`^\\d+ tests +${points}$`, "m"));
		});
	}

	it("raft-grade.config.json fits the published schema, which refuses what is none", () => {
		const json = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
		const fits = new Ajv2020().compile(json("docs/schemas/config-1.schema.json"));
		const example = json("docs/examples/raft-grade.config.json");
		expect(fits(example)).to.equal(true);
		expect(fits({ ...example, pionts: {} })).to.equal(false);
		expect(fits({ ...example, repeats: { Backup: 0 } })).to.equal(false);
	});
});
