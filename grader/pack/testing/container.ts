import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { type CommandResult, run } from "../../testing/command.ts";

/** What the tests look at. */
export interface Results {
	readonly score: number;
	readonly output: string;
	readonly stdout_visibility: string;
	readonly tests: readonly {
		readonly name: string;
		readonly status: string;
		readonly score: number;
		readonly visibility: string;
		readonly output: string;
	}[];
}

const SCHEMA = new URL("../../report/testing/gradescope.schema.json", import.meta.url);

/** As Gradescope documents it. */
const METADATA = {
	id: 123456,
	created_at: "2026-07-01T14:22:32.365935-07:00",
	assignment: { due_date: "2026-07-31T23:00:00.000000-07:00", id: 25828, course_id: 1234, total_points: "20.0" },
	submission_method: "upload",
	users: [{ email: "student@example.com", id: 1234, name: "Student" }],
	previous_submissions: [],
};

/** A folder that is laid out as Gradescope lays out /autograder. */
export class Container {
	readonly root: string;

	/** @param root - an absolute path, of a folder that is this container's own. */
	constructor(root: string) {
		this.root = root;
	}

	/** What Gradescope does with an archive, but for running setup.sh. */
	async unpack(archive: string): Promise<void> {
		const bytes = new Uint8Array(await readFile(archive));
		const modes = modesIn(bytes);
		for (const [name, content] of Object.entries(unzipSync(bytes))) {
			const file = path.join(this.root, "source", name);
			await mkdir(path.dirname(file), { recursive: true });
			await writeFile(file, content, { mode: (modes.get(name) ?? 0) & 0o777 });
		}
		await cp(path.join(this.root, "source/run_autograder"), path.join(this.root, "run_autograder"));
		for (const folder of ["results", "submission"]) await mkdir(path.join(this.root, folder), { recursive: true });
		await writeFile(path.join(this.root, "submission_metadata.json"), JSON.stringify(METADATA));
	}

	/** Builds the image. */
	setUp(): Promise<CommandResult> {
		return this.#run("bash", [path.join(this.root, "source/setup.sh")]);
	}

	/** Grades these files without a network, where one can be taken away. */
	async grade(files: Readonly<Record<string, string>>): Promise<Results & { readonly stdout: string }> {
		const submission = path.join(this.root, "submission");
		await rm(submission, { recursive: true });
		await rm(path.join(this.root, "results"), { recursive: true });
		await mkdir(path.join(this.root, "results"));
		for (const [name, text] of Object.entries({ ".keep": "", ...files })) {
			await mkdir(path.dirname(path.join(submission, name)), { recursive: true });
			await writeFile(path.join(submission, name), text);
		}
		const offline = (await run("unshare", ["-rn", "true"], this.root).catch(() => undefined))?.code === 0;
		const script = path.join(this.root, "run_autograder");
		const { code, stdout, stderr } = await (offline ? this.#run("unshare", ["-rn", script]) : this.#run(script, []));
		expect(code, stderr).to.equal(0);
		const results = JSON.parse(await readFile(path.join(this.root, "results/results.json"), "utf8"));
		const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
			JSON.parse(await readFile(SCHEMA, "utf8")),
		);
		expect(validate(results), JSON.stringify(validate.errors)).to.equal(true);
		return { ...results, stdout: stdout + stderr };
	}

	#run(program: string, args: readonly string[]): Promise<CommandResult> {
		return run(program, args, this.root, { AUTOGRADER_ROOT: this.root });
	}
}

/** The modes that an archive gives to its files, which fflate does not tell: from the list at its end. */
export function modesIn(bytes: Uint8Array): Map<string, number> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = bytes.length - 22;
	expect(view.getUint32(end, true)).to.equal(0x06054b50);
	const modes = new Map<string, number>();
	let at = view.getUint32(end + 16, true);
	for (let left = view.getUint16(end + 10, true); left > 0; left--) {
		const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
			number,
			number,
			number,
		];
		modes.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), view.getUint32(at + 38, true) >>> 16);
		at += 46 + name + extra + comment;
	}
	return modes;
}
