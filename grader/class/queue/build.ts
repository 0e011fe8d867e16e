import { createHash } from "node:crypto";
import { bundleRuntime } from "../../../harness/machine/bundle.ts";
import { readVersion } from "../../package-root.ts";
import { workerCode } from "../../worker/code.ts";

/** Which raft-grade this is. Only the same one gives the same results. */
export interface Build {
	readonly version: string;
	/** Of the code that runs a submission: two versions under development may bear the same number. */
	readonly code: string;
}

const HASH_LENGTH = 12;

/** The raft-grade that runs here. */
export async function ownBuild(): Promise<Build> {
	const hash = createHash("sha256");
	for (const code of await Promise.all([workerCode([]), bundleRuntime()])) hash.update(code).update("\n");
	return { version: readVersion(), code: hash.digest("hex").slice(0, HASH_LENGTH) };
}

export function isSame(a: Build, b: Build): boolean {
	return a.version === b.version && a.code === b.code;
}

/** In a few words, for people who know what `own` is. */
export function describeBuild(build: Build, own: Build): string {
	return build.version === own.version ? `${build.version}, built otherwise` : build.version;
}
