import { type ZipOptions, zipSync } from "fflate";
import type { Seed } from "../../harness/index.ts";
import { readVersion } from "../package-root.ts";
import { noResult } from "../report/gradescope.ts";
import { ownDependencies, ownTarball } from "./own-package.ts";
import type { PolicyFiles } from "./policy-files.ts";
import { runScript, setupScript } from "./scripts.ts";

/** What an autograder for Gradescope is made of. */
export interface Autograder {
	/** Parts and tests; none for all that the policy grades. */
	readonly words: readonly string[];
	/** Undefined: no policy. */
	readonly policy: PolicyFiles | undefined;
	readonly raceRepeat: number | undefined;
	/** The same for all submissions. */
	readonly seed: Seed;
	readonly jobs: number;
	/** Real seconds that a grading may take. */
	readonly limitS: number;
}

/** Where a policy's files are in the archive. */
const COURSE = "course";

/** Regular files, which everybody may read, and the owner may write; scripts can be run. As Unix writes it into an archive. */
const FILE = 0o100644;
const SCRIPT = 0o100755;

/**
 * Makes the archive that is uploaded to Gradescope: setup.sh and run_autograder, raft-grade itself, and the policy. The same ones give the same
 * bytes.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 * @throws UsageError if raft-grade's own package cannot be made.
 */
export async function gradescopeArchive(autograder: Autograder): Promise<Uint8Array> {
	const { words, policy, raceRepeat, seed, jobs, limitS } = autograder;
	const config = policy === undefined ? ["--no-config"] : ["--config", `source/${COURSE}/${policy.config}`];
	const common = [...(words.length === 0 ? ["all"] : words), ...config, "--seed", seed, "--jobs", String(jobs)];
	const args = [...common, ...(raceRepeat === undefined ? [] : ["--race-repeat", String(raceRepeat)])];
	const manifest = {
		private: true,
		type: "module",
		description: `grades the Raft lab on Gradescope, by raft-grade ${readVersion()}`,
		dependencies: {
			...ownDependencies(),
			...Object.fromEntries(policy?.packages ?? []),
			"raft-grade": "file:raft-grade.tgz",
		},
	};
	const course = [...(policy?.files ?? [])].map(([name, bytes]) => [`${COURSE}/${name}`, entry(bytes)] as const);
	return zipSync(
		{
			"setup.sh": entry(setupScript(process.version, common), SCRIPT),
			run_autograder: entry(runScript({ args, limitS }), SCRIPT),
			"no-result.json": entry(noResult()),
			"package.json": entry(`${JSON.stringify(manifest, undefined, "\t")}\n`),
			"raft-grade.tgz": entry(await ownTarball()),
			...Object.fromEntries(course),
		},
		{ mtime: EARLIEST },
	);
}

/** The earliest moment that an archive can tell, wherever it is made. */
const EARLIEST = new Date(1980, 0, 1);

function entry(content: string | Uint8Array, mode = FILE): [Uint8Array, ZipOptions] {
	const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
	// Made on Unix, so that the mode counts.
	return [bytes, { os: 3, attrs: mode * 2 ** 16 }];
}
